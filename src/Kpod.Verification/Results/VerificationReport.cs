namespace Kpod.Verification.Results;

/// <summary>What a verification found.</summary>
public sealed record VerificationReport
{
    /// <summary>The largest relative difference that is right.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Every comparison, in the order of the files.</summary>
    public required IReadOnlyList<VerificationCheck> Checks { get; init; }

    /// <summary>What is recorded but was not checked.</summary>
    public required IReadOnlyList<UncheckedItem> NotChecked { get; init; }

    /// <summary>The verdict: whether every check lies within its limit.</summary>
    public bool Passed => Checks.All(check => check.Passed);

    /// <summary>The check with the largest relative difference; null where none was measured so.</summary>
    public VerificationCheck? Largest => Checks.Where(check => check.Measure == DifferenceMeasure.Relative).MaxBy(check => check.Difference);

    /// <summary>Joins the reports of several subjects.</summary>
    /// <param name="reports">At least one.</param>
    /// <returns>One report with all checks.</returns>
    public static VerificationReport Join(IReadOnlyList<VerificationReport> reports) => new()
    {
        Tolerance = reports[0].Tolerance,
        Checks = [.. reports.SelectMany(report => report.Checks)],
        NotChecked = [.. reports.SelectMany(report => report.NotChecked)],
    };
}

namespace Kpod.Verification.Results;

/// <summary>One recorded quantity held against our own.</summary>
public sealed record VerificationCheck
{
    /// <summary>The file that records it, relative to the reference's folder.</summary>
    public required string File { get; init; }

    /// <summary>The tensor or quantity in that file.</summary>
    public required string Name { get; init; }

    /// <summary>What <see cref="Difference"/> means.</summary>
    public required DifferenceMeasure Measure { get; init; }

    /// <summary>The difference; infinite where shapes differ or a number is not finite.</summary>
    public required double Difference { get; init; }

    /// <summary>The largest difference that is right; 0 where values must be equal.</summary>
    public required double Limit { get; init; }

    /// <summary>How many values were compared.</summary>
    public required long Values { get; init; }

    /// <summary>Where the largest difference is and what stands there; null where the check passed.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether the difference lies within its limit.</summary>
    public bool Passed => Difference <= Limit;
}

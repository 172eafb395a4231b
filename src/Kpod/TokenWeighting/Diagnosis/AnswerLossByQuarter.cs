namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>The predictor's loss on the answer after each quarter of a rationale: four numbers, in nat an answer.</summary>
/// <param name="Whole">Nothing masked.</param>
/// <param name="None">Everything masked.</param>
/// <param name="DigitsOnly">Only tokens with a digit kept.</param>
/// <param name="Kept">Only tokens with w &gt; 0.5 kept.</param>
public sealed record AnswerLossByQuarter(IReadOnlyList<double> Whole, IReadOnlyList<double> None, IReadOnlyList<double> DigitsOnly, IReadOnlyList<double> Kept)
{
    /// <summary>As many tokens of each rationale kept as have w &gt; 0.5, but chosen by chance; null where it was not measured.</summary>
    public IReadOnlyList<double>? KeptByChance { get; init; }
}

namespace Kpod.RationaleGeneration.Quality;

/// <summary>Which rationales of a question are marked as near duplicates; the recipe's section <c>rationales.duplicates</c>. A mark drops nothing: the same text a second time is dropped anyway.</summary>
public sealed record DuplicateOptions
{
    /// <summary>Words of a gram, 1 or more. MCC-KD's is 3 as far as can be recalled.</summary>
    public int Words { get; init; } = 3;

    /// <summary>The least overlap of two texts' grams (Jaccard) at which the later one is marked, above 0, at most 1. No paper gives one; 1 marks only texts of the same grams.</summary>
    public double Overlap { get; init; } = 0.8;

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        if (Words < 1)
        {
            yield return $"rationales.duplicates.words is {Words}; it must be 1 or more.";
        }

        if (Overlap is not (> 0 and <= 1))
        {
            yield return FormattableString.Invariant($"rationales.duplicates.overlap is {Overlap}; it must be above 0 and at most 1.");
        }
    }
}

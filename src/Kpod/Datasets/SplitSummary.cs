namespace Kpod.Datasets;

/// <summary>What a split holds.</summary>
public sealed record SplitSummary
{
    /// <summary><c>train</c>, <c>validation</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>Questions.</summary>
    public required int Questions { get; init; }

    /// <summary>Questions with choices.</summary>
    public required int WithChoices { get; init; }

    /// <summary>Questions whose wording and choices stand in the split already.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Lengths of the questions' own text, in tokens.</summary>
    public required Lengths QuestionTokens { get; init; }

    /// <summary>Recorded rationales; only those of training questions are read.</summary>
    public required int Rationales { get; init; }

    /// <summary>Training questions without any recorded rationale.</summary>
    public required int WithoutRationale { get; init; }

    /// <summary>Recorded rationales of each teacher.</summary>
    public required IReadOnlyDictionary<string, int> Teachers { get; init; }

    /// <summary>Lengths of the rationales, in tokens; null where there are none.</summary>
    public Lengths? RationaleTokens { get; init; }

    /// <summary>Steps of the rationales; null where there are none.</summary>
    public Lengths? RationaleSteps { get; init; }
}

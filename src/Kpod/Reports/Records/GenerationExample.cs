namespace Kpod.Reports.Records;

/// <summary>What the student wrote for one held-out question.</summary>
public sealed record GenerationExample
{
    /// <summary>The question's id.</summary>
    public required string QuestionId { get; init; }

    /// <summary>The split it is from.</summary>
    public required string Split { get; init; }

    /// <summary>The question as asked.</summary>
    public required string Question { get; init; }

    /// <summary>The gold answer.</summary>
    public required string GoldAnswer { get; init; }

    /// <summary>The student's text.</summary>
    public required string Text { get; init; }

    /// <summary>The answer read from it; null where it gives none.</summary>
    public string? ExtractedAnswer { get; init; }

    /// <summary>Whether it equals the gold answer.</summary>
    public required bool Correct { get; init; }

    /// <summary>Whether the text ended with the end token; false for one cut at the length limit.</summary>
    public required bool Stopped { get; init; }
}

namespace Kpod.RationaleGeneration.Rationales;

/// <summary>One step-by-step explanation r of a teacher for one question, kept or dropped: a line of <c>02-rationales.jsonl</c>.</summary>
public sealed record Rationale
{
    /// <summary>The question it explains.</summary>
    public required string QuestionId { get; init; }

    /// <summary>Number of the sample among those of its question, from 0.</summary>
    public required int Sample { get; init; }

    /// <summary>The rationale without a closing answer sentence of the prompt's own form.</summary>
    public required string Text { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string Teacher { get; init; }

    /// <summary>The answer that the text gives, as extracted; null where it gives none.</summary>
    public string? ExtractedAnswer { get; init; }

    /// <summary>Whether the extracted answer equals the gold one.</summary>
    public required bool Correct { get; init; }

    /// <summary>The text as the teacher wrote it, where <see cref="Text"/> is not the whole of it: with its answer sentence, or the words of a refusal.</summary>
    public string? Raw { get; init; }

    /// <summary>The answer that the prompt gave and asked to explain; null where the teacher was to find it.</summary>
    public string? GivenAnswer { get; init; }

    /// <summary>Why the teacher stopped, where it is known: <c>stop</c>, <c>length</c>, <c>content_filter</c>, <c>refusal</c>, <c>rejected</c> or another.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Tokens that the teacher wrote, as its server counted them.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Hash of the request that it answers, by which the teacher's answer is found in its store.</summary>
    public string? Request { get; init; }

    /// <summary>What the teacher's answer cost, in <see cref="Currency"/>; null where that is not known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Currency of the cost, such as <c>USD</c>; null where no cost is known.</summary>
    public string? Currency { get; init; }

    /// <summary>Length in the student's tokens.</summary>
    public int? Tokens { get; init; }

    /// <summary>Number of the earlier sample of its question that says the same or nearly the same; null where none does. A mark alone drops nothing.</summary>
    public int? DuplicateOf { get; init; }

    /// <summary>How much the two texts overlap (Jaccard over word n-grams, <see cref="Quality.WordGrams"/>), 1 for the same grams; null where none is marked.</summary>
    public double? Overlap { get; init; }

    /// <summary>Why it is not used; null for a rationale that was kept.</summary>
    public string? DropReason { get; init; }
}

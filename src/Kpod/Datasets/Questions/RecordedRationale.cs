namespace Kpod.Datasets.Questions;

/// <summary>A rationale that a data set's file brings along, or that a teacher was asked for.</summary>
/// <param name="Text">What the teacher wrote.</param>
/// <param name="Teacher">Who wrote it.</param>
/// <param name="FinishReason">Why it stopped, where it is known: <c>stop</c>, <c>length</c>, <c>content_filter</c>, <see cref="Refused"/>, <see cref="Rejected"/> or another.</param>
/// <param name="Original">The text before its answer sentence was taken off, where it is kept: the answer is looked for here. Of a refusal the words.</param>
/// <param name="Answer">The answer that the text gave when it was first judged, where the file keeps it; it is not looked for again.</param>
public sealed record RecordedRationale(string Text, string Teacher, string? FinishReason = null, string? Original = null, string? Answer = null)
{
    /// <summary>Teacher of a solution that a human wrote.</summary>
    public const string Human = "human";

    /// <summary>Teacher of a rationale whose file names none.</summary>
    public const string UnknownTeacher = "unknown";

    /// <summary>Finish reason of a rationale that the teacher refused to write.</summary>
    public const string Refused = "refusal";

    /// <summary>Finish reason of a rationale that could not be had because the server does not take the request.</summary>
    public const string Rejected = "rejected";

    /// <summary>The answer that the prompt gave and asked to explain; null where the teacher was to find it.</summary>
    public string? GivenAnswer { get; init; }

    /// <summary>Tokens that the teacher wrote, as its server counted them; null where that is not known.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>What it cost, in <see cref="Currency"/>; null where that is not known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Currency of the cost, such as <c>USD</c>; null where no cost is known.</summary>
    public string? Currency { get; init; }

    /// <summary>Hash of the request that it answers, by which it is found in the store; null where it was not asked for here.</summary>
    public string? Request { get; init; }
}

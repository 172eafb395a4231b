namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>What a teacher answered to one request, as it arrived.</summary>
public sealed record TeacherAnswer
{
    /// <summary>Finish reason of an answer that ended by itself.</summary>
    public const string Stop = "stop";

    /// <summary>Finish reason of an answer that was cut off at the most tokens.</summary>
    public const string Length = "length";

    /// <summary>What the teacher wrote; empty where it wrote nothing or refused.</summary>
    public required string Text { get; init; }

    /// <summary>What a reasoning model thought before it wrote, where the server gives it apart.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The teacher's words when it refused, where the server gives them apart.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why the answer ended, in the server's word: <see cref="Stop"/>, <see cref="Length"/>, <c>content_filter</c> or another; null where it says nothing.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The model as the server reports it, often with a date; null where it does not.</summary>
    public string? Model { get; init; }

    /// <summary>Tokens of the prompt as the server counted them; null where it does not say.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Tokens of the answer, those of reasoning included, as the server counted them; null where it does not say.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>What it cost at the prices of the day, in <see cref="Currency"/>; null where no price was known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Currency of the cost, such as <c>USD</c>; null where no price was known.</summary>
    public string? Currency { get; init; }

    /// <summary>Seconds from sending the request to having the whole answer; waits and failed attempts before it are not counted. 0 for an answer out of a batch, whose time nobody knows.</summary>
    public required double Seconds { get; init; }

    /// <summary>When it had arrived, UTC.</summary>
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>The response as it came, JSON; log-probabilities and all that has no property of its own stand here.</summary>
    public required string Raw { get; init; }

    /// <summary>Whether the teacher says the same in another answer: text, thought, refusal and reason to end are equal, whatever they took.</summary>
    /// <param name="other">The other answer.</param>
    /// <returns>False where one contradicts the other.</returns>
    public bool SaysTheSame(TeacherAnswer other) => (Text, Reasoning, Refusal, FinishReason) == (other.Text, other.Reasoning, other.Refusal, other.FinishReason);
}

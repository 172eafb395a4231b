namespace Kpod.Datasets.Answers.Values;

/// <summary>What a passage says when it is asked for one number.</summary>
/// <param name="Value">The number, where it gives one.</param>
/// <param name="IsRefusal">Whether it speaks of numbers or of the answer but settles on none: a range, an alternative, a sum that is not worked out, "unknown".</param>
internal readonly record struct NumberReading(AnswerValue? Value, bool IsRefusal)
{
    /// <summary>The passage holds no number.</summary>
    public static NumberReading Nothing { get; } = new(null, false);

    /// <summary>The passage settles on no single number.</summary>
    public static NumberReading Refusal { get; } = new(null, true);

    /// <summary>The passage gives one number.</summary>
    public static NumberReading Of(AnswerValue value) => new(value, false);

    /// <summary>Whether the passage says anything about the answer.</summary>
    public bool Speaks => Value is not null || IsRefusal;
}

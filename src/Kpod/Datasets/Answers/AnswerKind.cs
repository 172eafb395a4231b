namespace Kpod.Datasets.Answers;

/// <summary>What sort of answer a question has; it decides how an answer is looked for and compared.</summary>
public enum AnswerKind
{
    /// <summary>A number, a ratio or a time of day.</summary>
    Number,

    /// <summary>The letter of one of the given choices.</summary>
    Choice,

    /// <summary>Any other short text, such as a name or "yes".</summary>
    Text,
}

namespace Kpod.Datasets.Answers.Values;

/// <summary>What a piece of a text is to the search for an answer.</summary>
internal enum AnswerTokenKind
{
    /// <summary>A number; its value stands in the token.</summary>
    Number,

    /// <summary>Digits that are no single number: a date, a version, a division by zero, a decimal comma.</summary>
    NotANumber,

    /// <summary>A word or a word with digits in it, such as <c>H2O</c>.</summary>
    Word,

    /// <summary>An arithmetic sign or word.</summary>
    Operator,

    /// <summary>An equals sign or word.</summary>
    EqualsSign,

    /// <summary>A comma or semicolon.</summary>
    Comma,

    /// <summary>End of a sentence.</summary>
    Stop,

    /// <summary>End of a line.</summary>
    LineEnd,

    /// <summary>Anything else: quotes, colons, brackets.</summary>
    Other,
}

/// <summary>A piece of a cleaned text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">First character.</param>
/// <param name="End">One past the last.</param>
/// <param name="Text">Its characters; words in lower case.</param>
/// <param name="Value">The value of a number.</param>
internal sealed record AnswerToken(AnswerTokenKind Kind, int Start, int End, string Text, AnswerValue? Value = null)
{
    /// <summary>Whether the token is one of some words or signs.</summary>
    public bool Is(params ReadOnlySpan<string> texts) => texts.Contains(Text);
}

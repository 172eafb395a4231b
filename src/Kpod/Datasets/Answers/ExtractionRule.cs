namespace Kpod.Datasets.Answers;

/// <summary>By which sign an answer was found in a text; counted in the audit of an evaluation.</summary>
public enum ExtractionRule
{
    /// <summary>The prompt's own sentence, " Therefore, the answer is y", and nothing but y in it.</summary>
    OwnForm,

    /// <summary>GSM8K's marker, <c>#### y</c>.</summary>
    Marker,

    /// <summary>LaTeX's <c>\boxed{y}</c>.</summary>
    Box,

    /// <summary>A sentence or label that names an answer: "the answer is y", "Answer: y", "option y is correct".</summary>
    Statement,

    /// <summary>The text is the answer and nothing else.</summary>
    WholeText,

    /// <summary>The result in the last sentence that holds one.</summary>
    LastSentence,

    /// <summary>A choice that is named by its text.</summary>
    ChoiceText,
}

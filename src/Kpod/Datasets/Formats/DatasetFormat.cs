namespace Kpod.Datasets.Formats;

/// <summary>The format of a data set's files.</summary>
public enum DatasetFormat
{
    /// <summary>Our own: id, question, answer and, where there are any, choices and rationales; MMLU is of this form, too.</summary>
    JsonLines,

    /// <summary>GSM8K: JSON Lines with question and a worked answer that ends in <c>#### y</c>.</summary>
    Gsm8k,

    /// <summary>SVAMP: a JSON list with Body, Question and Answer.</summary>
    Svamp,

    /// <summary>ASDiv: XML with Body, Question and Answer of each Problem.</summary>
    Asdiv,

    /// <summary>CommonsenseQA: JSON Lines with a stem, its choices and an answerKey.</summary>
    CommonsenseQa,

    /// <summary>MCC-KD: a JSON list with instruction, output (rationales) and label.</summary>
    MccKd,

    /// <summary>Alpaca: instruction, input and an output that ends in the answer.</summary>
    Alpaca,

    /// <summary>ShareGPT: conversations of from and value.</summary>
    ShareGpt,

    /// <summary>Chat messages of role and content.</summary>
    Messages,

    /// <summary>A prompt and its completion (or response).</summary>
    PromptCompletion,
}

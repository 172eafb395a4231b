namespace Kpod.Tokenizers.SentencePiece;

/// <summary>What a piece is for; the numbers are those of SentencePiece's files and of GGUF's <c>tokenizer.ggml.token_type</c>.</summary>
internal enum PieceType
{
    /// <summary>An ordinary piece.</summary>
    Normal = 1,

    /// <summary>Stands for what no piece covers; exactly one.</summary>
    Unknown = 2,

    /// <summary>A control token, such as <c>&lt;/s&gt;</c>; never found in text.</summary>
    Control = 3,

    /// <summary>Always cut out of the text whole.</summary>
    UserDefined = 4,

    /// <summary>Never used.</summary>
    Unused = 5,

    /// <summary>A byte, such as <c>&lt;0x0A&gt;</c>.</summary>
    Byte = 6,
}

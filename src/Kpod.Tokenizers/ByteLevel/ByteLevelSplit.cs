namespace Kpod.Tokenizers.ByteLevel;

/// <summary>How a byte-level tokenizer cuts its text before merging.</summary>
public enum ByteLevelSplit
{
    /// <summary>GPT-2's pattern.</summary>
    Gpt2,

    /// <summary>Each digit alone, then GPT-2's pattern (SmolLM2, StarCoder).</summary>
    DigitsThenGpt2,

    /// <summary>Llama 3's pattern; a piece that is in the vocabulary is taken whole.</summary>
    Llama3,

    /// <summary>Qwen2's pattern, after composing the text (NFC).</summary>
    Qwen2,
}

namespace Kpod.LanguageModels.Export;

/// <summary>In what form a student leaves.</summary>
public enum ExportFormat
{
    /// <summary>A merged Hugging Face folder: configuration, tokenizer, safetensors. For transformers, vLLM and the like.</summary>
    HuggingFace,

    /// <summary>A merged GGUF file with its tokenizer inside. For llama.cpp and what is built on it.</summary>
    Gguf,

    /// <summary>The adapter alone in PEFT's folder, to be put on its base model elsewhere.</summary>
    Peft,
}

namespace Kpod.LanguageModels.Testing;

/// <summary>The models of <c>fixtures/models</c> and <c>fixtures/gguf/models</c>; named here, so that each is a test of its own even where the folder is absent.</summary>
public static class RecordedModels
{
    /// <summary>Folders in the layout of Hugging Face.</summary>
    public static IReadOnlyList<string> Folders { get; } =
    [
        "llama-bf16", "llama-bias", "llama-gqa-tied", "llama-mha-untied", "llama-rope-llama3", "llama-sharded", "mistral", "qwen2", "qwen3",
        "t5-flan-deep", "t5-flan-gated-untied", "t5-v1_0-relu-tied",
    ];

    /// <summary>GGUF files, without their ending.</summary>
    public static IReadOnlyList<string> GgufFiles { get; } =
    [
        "llama-Q4_K_M", "llama-bf16-BF16", "llama-bias-F16", "llama-gqa-tied-F16", "llama-gqa-tied-F32", "llama-mha-untied-F32", "llama-mha-untied-Q8_0", "llama-rope-llama3-F32",
        "mistral-F32", "mistral-Q4_0", "mistral-Q8_0", "qwen2-F32", "qwen3-F32", "t5-flan-gated-untied-F32", "t5-flan-gated-untied-Q8_0", "t5-v1_0-relu-tied-F32",
    ];
}

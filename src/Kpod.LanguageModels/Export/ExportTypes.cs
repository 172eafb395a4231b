using Kpod.LanguageModels.Checkpoints;
using TorchSharp;

namespace Kpod.LanguageModels.Export;

/// <summary>What the types of an export are called where.</summary>
public static class ExportTypes
{
    private static readonly Dictionary<string, ExportType> Spellings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["float32"] = ExportType.Float32,
        ["f32"] = ExportType.Float32,
        ["float16"] = ExportType.Float16,
        ["f16"] = ExportType.Float16,
        ["bfloat16"] = ExportType.Bfloat16,
        ["bf16"] = ExportType.Bfloat16,
        ["q8_0"] = ExportType.Q80,
    };

    /// <summary>Every spelling that <see cref="Parse"/> knows.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. Spellings.Keys];

    /// <summary>Reads a type in the spelling of PyTorch or of GGUF.</summary>
    /// <param name="text">Such as <c>bfloat16</c> or <c>Q8_0</c>.</param>
    /// <returns>Null where it names none.</returns>
    public static ExportType? Parse(string text) => Spellings.TryGetValue(text, out var type) ? type : null;

    /// <summary>The spelling that the format of an export uses.</summary>
    /// <param name="type">The type.</param>
    /// <param name="format">The format.</param>
    /// <returns>Such as <c>bfloat16</c> or <c>BF16</c>.</returns>
    public static string Spell(ExportType type, ExportFormat format) =>
        Spellings.Where(pair => pair.Value == type).Select(pair => pair.Key).ToArray() is var names && format == ExportFormat.Gguf ? names[^1].ToUpperInvariant() : names[0];

    /// <summary>By how much the logits of a sound model move when its weights are rounded to a type: about four times what was measured on SmolLM2-135M, with and without an adapter.</summary>
    /// <param name="type">The type.</param>
    /// <returns>A share of the largest logit.</returns>
    public static double ToleranceOf(ExportType type) => type switch
    {
        ExportType.Float32 => 1e-4,
        ExportType.Float16 => 0.005,
        ExportType.Bfloat16 => 0.03,
        _ => 0.12,
    };

    internal static torch.ScalarType Torch(ExportType type) => type switch
    {
        ExportType.Float16 => torch.ScalarType.Float16,
        ExportType.Bfloat16 => torch.ScalarType.BFloat16,
        _ => torch.ScalarType.Float32,
    };

    /// <summary>The type in which an export is written where none is asked for: the base model's own; of a quantised one the smallest that the format has.</summary>
    /// <param name="modelPath">The base model.</param>
    /// <param name="format">The format of the export.</param>
    /// <returns>The type.</returns>
    internal static ExportType DefaultFor(string modelPath, ExportFormat format) =>
        Parse(StoredType.MainOf(modelPath)) is { } type && (type != ExportType.Q80 || format == ExportFormat.Gguf) ? type
        : format == ExportFormat.Gguf ? ExportType.Q80 : ExportType.Bfloat16;
}

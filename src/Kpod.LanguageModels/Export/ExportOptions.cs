using Kpod.Files;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Native;

namespace Kpod.LanguageModels.Export;

/// <summary>What leaves, where to and in what form.</summary>
public sealed record ExportOptions
{
    /// <summary>The base model: a Hugging Face folder or a .gguf file.</summary>
    public required string Model { get; init; }

    /// <summary>The adapter's folder in PEFT's layout; null to export the base model as it is.</summary>
    public string? Adapter { get; init; }

    /// <summary>The folder or .gguf file to write.</summary>
    public required string Target { get; init; }

    /// <summary>What else is read, such as a run's folder: never written over.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The form.</summary>
    public ExportFormat Format { get; init; } = ExportFormat.HuggingFace;

    /// <summary>Type of the written weights; null for the base model's own (of a quantised one: Q8_0 as GGUF, else bfloat16). Smaller ones take less room and move the logits more.</summary>
    public ExportType? Type { get; init; }

    /// <summary>Type of the base weights in memory while merging; bfloat16 halves the memory, loses what the base has beyond it and makes the gate's own arithmetic coarser.</summary>
    public WeightPrecision Precision { get; init; } = WeightPrecision.Float32;

    /// <summary>The most by which a logit may move, as a share of the largest one, before the export is refused. In [0, 1]; null for what rounding to the type explains (<see cref="ExportTypes.ToleranceOf"/>).</summary>
    public double? Tolerance { get; init; }

    /// <summary>The texts on which base and adapter are compared with the export; at least one.</summary>
    public IReadOnlyList<GateText> Texts { get; init; } = GateText.BuiltIn;

    /// <summary>The most bytes of weights in one file of a Hugging Face folder.</summary>
    public long ShardBytes { get; init; } = HuggingFaceFolder.DefaultShardBytes;

    /// <summary>What the file calls the model (GGUF), or where PEFT is to find the base model; null for the target's name and for the base model's path.</summary>
    public string? Name { get; init; }

    /// <summary>Whether an earlier export at the target is replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        if (!(Tolerance is null or (>= 0 and <= 1)))
        {
            yield return FormattableString.Invariant($"the tolerance is {Tolerance}; it must lie in [0, 1]");
        }

        if (ShardBytes < 1_000_000)
        {
            yield return $"the shard size is {ShardBytes} bytes; it must be 1000000 or more";
        }

        if (Texts.Count == 0)
        {
            yield return "there are no prompts to compare the models on; give at least one";
        }

        if (Format == ExportFormat.Peft && Adapter is null)
        {
            yield return "the format peft exports an adapter, but none is named";
        }

        if (Format == ExportFormat.HuggingFace && Type == ExportType.Q80)
        {
            yield return "the type is Q8_0, which only GGUF has; choose float32, float16 or bfloat16, or the format gguf";
        }

        var place = UserPath.Resolve(Target);
        if (Inputs.Append(Model).Concat(Adapter is null ? [] : [Adapter]).Select(UserPath.Resolve).Any(input => UserPath.IsIn(input, place)))
        {
            yield return $"the target is '{Target}', which is what is exported, or holds it; name another place";
        }

        var isGgufName = string.Equals(Path.GetExtension(Target), ".gguf", StringComparison.OrdinalIgnoreCase);
        if (isGgufName != (Format == ExportFormat.Gguf))
        {
            yield return Format == ExportFormat.Gguf ? $"the target is '{Target}'; the name of a GGUF file must end in .gguf" : $"the target is '{Target}', the name of a GGUF file; name a folder, or choose the format gguf";
        }
    }
}

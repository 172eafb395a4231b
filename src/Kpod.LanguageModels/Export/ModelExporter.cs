using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Native;
using Kpod.LanguageModels.Quantisation;
using TorchSharp;

namespace Kpod.LanguageModels.Export;

/// <summary>
/// Takes a student out of Kpod: merges its adapter into the base model, writes the form that other programs load, reads it back and lets it stand only where it still computes what was trained.
/// </summary>
public static class ModelExporter
{
    private const double HalfPrecisionEnd = 65504;

    /// <summary>Exports a model.</summary>
    /// <param name="options">What, where to and how.</param>
    /// <param name="tell">Is told what is being done, a line each; null for nobody.</param>
    /// <param name="cancel">Stops before the next weight or stage; nothing is left behind.</param>
    /// <returns>What was written; nothing where the gate refused, whose figures say why.</returns>
    /// <exception cref="KpodException">The options, the model or the adapter are at fault, the format cannot say what they are, or the disk refuses; the target is as it was.</exception>
    public static ExportReport Export(ExportOptions options, Action<string>? tell = null, CancellationToken cancel = default)
    {
        var faults = options.Check().ToList();
        if (faults.Count > 0)
        {
            throw KpodException.FromFaults("The export cannot be made", faults);
        }

        using var target = ExportTarget.Open(options.Target, isFolder: options.Format != ExportFormat.Gguf, options.Force);
        tell?.Invoke($"loading {options.Model}");
        using var checkpoint = CheckpointLoader.Load(options.Model, WeightType(options), torch.CPU);
        var adapter = options.Adapter is { } folder ? PeftAdapter.Load(checkpoint.Model, folder) : null;
        cancel.ThrowIfCancellationRequested();
        return options.Format == ExportFormat.Peft ? WriteAdapter(options, target, adapter!) : WriteMerged(options, target, checkpoint, tell, cancel);
    }

    private static torch.ScalarType WeightType(ExportOptions options) => options.Precision == WeightPrecision.Bfloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;

    private static ExportReport WriteAdapter(ExportOptions options, ExportTarget target, LoraAdapter adapter)
    {
        target.Write(() => PeftAdapter.Save(adapter, target.TemporaryPath, options.Name ?? options.Model));
        return new ExportReport(target.FullPath, options.Format, "float32", adapter.Parameters.Count, target.Commit(), Gate: null);
    }

    private static ExportReport WriteMerged(ExportOptions options, ExportTarget target, Checkpoint checkpoint, Action<string>? tell, CancellationToken cancel)
    {
        tell?.Invoke($"asking {(options.Adapter is null ? "the model" : "base and adapter")}");
        using var gate = MergeGate.Of(options.Texts, checkpoint);
        cancel.ThrowIfCancellationRequested();
        var type = options.Type ?? ExportTypes.DefaultFor(options.Model, options.Format);
        var spelt = ExportTypes.Spell(type, options.Format);
        var largest = 0.0;
        var weights = MergedWeights.Of(checkpoint.Model).Select(weight => weight with { Read = () => Measure(weight.Read(), ref largest, cancel) }).ToArray();
        tell?.Invoke($"writing {weights.Length} weights as {spelt}");
        target.Write(() =>
        {
            if (options.Format == ExportFormat.Gguf)
            {
                GgufExport.Write(target.TemporaryPath, checkpoint, weights, GgufType.Named(spelt), options.Name ?? Path.GetFileNameWithoutExtension(options.Target));
            }
            else
            {
                HuggingFaceExport.Write(target.TemporaryPath, checkpoint, weights, ExportTypes.Torch(type), options.ShardBytes);
            }
        });

        // Two models at a time would take twice the memory.
        checkpoint.Dispose();
        cancel.ThrowIfCancellationRequested();
        tell?.Invoke("reading back and comparing");
        using var written = ReadBack(target, options);
        gate.CheckTokenizer(written.Tokenizer);
        var result = gate.Compare(written.Model, options.Tolerance ?? ExportTypes.ToleranceOf(type), BetterType(type, largest) is { } better ? ExportTypes.Spell(better, options.Format) : null);
        return new ExportReport(target.FullPath, options.Format, spelt, weights.Length, result.Passed ? target.Commit() : [], result);
    }

    private static Checkpoint ReadBack(ExportTarget target, ExportOptions options)
    {
        Checkpoint? written = null;
        target.Write(() => written = CheckpointLoader.Load(target.TemporaryPath, WeightType(options), torch.CPU));
        return written!;
    }

    private static torch.Tensor Measure(torch.Tensor weight, ref double largest, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var scope = torch.NewDisposeScope();
        largest = Math.Max(largest, weight.abs().max().to(torch.ScalarType.Float32).item<float>());
        return weight;
    }

    // float16 is eight times as fine as bfloat16 and Q8_0 where its range suffices.
    private static ExportType? BetterType(ExportType type, double largestWeight) => type switch
    {
        ExportType.Float32 => null,
        ExportType.Float16 => ExportType.Float32,
        _ => largestWeight <= HalfPrecisionEnd ? ExportType.Float16 : ExportType.Float32,
    };
}

using System.Globalization;
using Kpod.LanguageModels.Training;

namespace Kpod.Verification.Recorded;

/// <summary>An optimizer with which a reference trained.</summary>
/// <param name="Prefix">In front of its tensors' names; empty for full fine-tuning.</param>
/// <param name="Options">Its settings.</param>
internal sealed record ReferenceOptimizer(string Prefix, OptimizerOptions Options)
{
    private static readonly OptimizerOptions Plain = new() { LearningRate = 1e-3, Course = LearningRateCourse.Constant };

    /// <summary>The optimizers of the layout, by prefix.</summary>
    private static readonly Dictionary<string, OptimizerOptions> Known = new(StringComparer.Ordinal)
    {
        [string.Empty] = Plain,
        ["adam"] = Plain,
        ["adamw"] = Plain with { WeightDecay = 0.01 },
        ["adamclip"] = Plain with { MaximumGradientNorm = 0.25 },
    };

    /// <summary>Finds the settings of an optimizer: those of the layout, unless the file's metadata gives its own.</summary>
    /// <param name="numbers">The file.</param>
    /// <param name="prefix">The optimizer's prefix.</param>
    /// <returns>Null where neither knows it.</returns>
    /// <exception cref="KpodException">The metadata gives a value that is none or out of range.</exception>
    public static ReferenceOptimizer? Find(ReferenceNumbers numbers, string prefix)
    {
        var key = prefix.Length == 0 ? string.Empty : prefix + ".";
        if (!Known.TryGetValue(prefix, out var known) && !numbers.Metadata.ContainsKey($"{key}learning_rate"))
        {
            return null;
        }

        known ??= Plain;
        var options = known with
        {
            LearningRate = Setting("learning_rate", known.LearningRate),
            WeightDecay = Setting("weight_decay", known.WeightDecay),
            MaximumGradientNorm = Setting("max_grad_norm", known.MaximumGradientNorm),
        };
        var faults = options.Check(prefix.Length == 0 ? "__metadata__" : $"__metadata__.{prefix}").ToList();
        return faults.Count == 0 ? new ReferenceOptimizer(prefix, options) : throw KpodException.FromFaults(numbers.Path, faults);

        double Setting(string name, double otherwise) => !numbers.Metadata.TryGetValue(key + name, out var text) ? otherwise
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : throw new KpodException($"{numbers.Path}: the metadata {key}{name} is '{text}'; it must be a number.");
    }
}

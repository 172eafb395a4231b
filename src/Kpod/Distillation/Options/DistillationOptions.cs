using System.Text.Json.Serialization;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Training;

namespace Kpod.Distillation.Options;

/// <summary>How the student is trained; the recipe's section <c>distillation</c>.</summary>
public sealed record DistillationOptions
{
    /// <summary>N_e: passes over the questions. The paper: 20 to 40 for LLaMA-7B, 100 for FlanT5.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Examples a micro-batch. The paper: 4.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Micro-batches an optimizer step. The paper does not say; 1.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>The adapter. The paper: rank 64 for LLaMA-7B, 128 for FlanT5-XL.</summary>
    public LoraOptions Lora { get; init; } = new();

    /// <summary>
    /// Whether every weight is trained instead of an adapter: for students small enough that their weights fit four times into memory in float32 (weights, gradients, two moments), which
    /// <c>student.precision</c> must be. The student is then a whole model. The paper trains adapters.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] // so that the hashes of runs that were made before it existed stay
    public bool FullFineTuning { get; init; }

    /// <summary>Adam and its learning rate. The paper: Adam, 1e-5 for LLaMA-7B, 5e-5 for FlanT5.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>
    /// Whether the weights of a rationale are divided by their mean. Raw weights, as in Eq. 15, also lower the rationale's share against the answer
    /// term by their mean; this keeps the share and only redistributes it.
    /// </summary>
    public bool NormalizeWeights { get; init; }

    /// <summary>
    /// How far the weights are blended towards 1, in [0, 1]: w' = w + paleness (1 - w). 0 is the paper; a paler contrast keeps filler words learnable
    /// for a small student.
    /// </summary>
    public double Paleness { get; init; }

    /// <summary>Whether all tokens weigh the same here while the step difficulty keeps its weights (the ablation KPOD-w.o.-sig).</summary>
    public bool UniformWeights { get; init; }

    /// <summary>Whether the whole rationale is learned from the first epoch on (the ablation KPOD-w.o.-prog).</summary>
    public bool WithoutProgression { get; init; }

    /// <summary>Optimizer steps between two saved states; a killed training goes on from the last one.</summary>
    public int SaveEverySteps { get; init; } = 50;

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        foreach (var (key, value) in new[]
        {
            ("epochs", Epochs), ("batchSize", BatchSize), ("accumulationSteps", AccumulationSteps), ("saveEverySteps", SaveEverySteps),
        })
        {
            if (value < 1)
            {
                yield return $"distillation.{key} is {value}; it must be 1 or more.";
            }
        }

        foreach (var fault in Lora.Check())
        {
            yield return $"distillation.lora: {fault}.";
        }

        if (Lora.Dropout > 0)
        {
            yield return $"distillation.lora.dropout is {Lora.Dropout}; training applies none yet, so it must be 0.";
        }

        if (!(Paleness is >= 0 and <= 1))
        {
            yield return $"distillation.paleness is {Paleness}; it must lie in [0, 1].";
        }

        foreach (var fault in Optimizer.Check("distillation.optimizer"))
        {
            yield return fault;
        }
    }
}

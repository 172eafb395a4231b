using Kpod.LanguageModels.Native;
using Kpod.Recipes;

namespace Kpod.Students;

/// <summary>The student before distillation; the recipe's section <c>student</c>.</summary>
public sealed record StudentOptions
{
    /// <summary>A Hugging Face folder (config.json, weights, tokenizer) or a .gguf file.</summary>
    [RecipePath]
    public required string Model { get; init; }

    /// <summary>Type of the frozen base weights; adapters and optimizer are always float32. bfloat16 takes half the memory and is faster where the processor supports it.</summary>
    public WeightPrecision Precision { get; init; } = WeightPrecision.Float32;

    /// <summary>
    /// Whether the linear maps of a quantised .gguf keep their blocks and are decoded for each product: Q4_0 takes 0.28, Q8_0 0.53 of the memory of bfloat16. The numbers are the same
    /// to the bit; training takes longer by the decoding, writing texts with a large student many times as long.
    /// </summary>
    public bool KeepQuantised { get; init; }

    /// <summary>
    /// Whether training keeps only the inputs of each block and computes its activations again in the backward pass (gradient checkpointing): less memory for long or many sequences,
    /// about a third more time. The numbers are the same to the bit.
    /// </summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Where it is trained and asked. On a graphics processor the same seed gives the same artefacts on the same kind of card only.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>Threads of the matrix library; null for its own choice. A run repeats to the byte only with the same number.</summary>
    [AtMost(1024)]
    public int? Threads { get; init; }

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        if (Threads is < 1)
        {
            yield return $"student.threads is {Threads}; it must be 1 or more.";
        }

        if (KeepQuantised && Directory.Exists(Model))
        {
            yield return $"student.keepQuantised is true, but student.model is the folder {Model}, whose weights are not quantised. Write a quantised .gguf from it (kpod export, --dtype q8_0) and name that, or leave keepQuantised out.";
        }
    }
}

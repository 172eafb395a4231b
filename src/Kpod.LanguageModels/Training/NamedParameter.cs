using TorchSharp;

namespace Kpod.LanguageModels.Training;

/// <summary>A trained tensor under the name by which it is saved.</summary>
/// <param name="Name">Unique among the parameters of one optimizer.</param>
/// <param name="Value">The tensor; it requires a gradient.</param>
public sealed record NamedParameter(string Name, torch.Tensor Value)
{
    /// <summary>What the learning rate is multiplied by for this tensor.</summary>
    public double RateFactor { get; init; } = 1;
}

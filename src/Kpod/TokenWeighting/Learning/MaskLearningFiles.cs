using Kpod.Files;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.TokenWeighting.Learning;

/// <summary>Where mask learning keeps its state: parameters, moments and how far it has come in one safetensors file, replaced as a whole.</summary>
/// <param name="StatePath">The file.</param>
/// <param name="InputsHash">Hash of everything that shapes the learning; a state of other inputs is not resumed.</param>
public sealed record MaskLearningFiles(string StatePath, string InputsHash)
{
    /// <summary>Optimizer steps from one saved state to the next.</summary>
    internal const int SaveEverySteps = 25;

    private const string InputsKey = "inputs";
    private const string ProgressKey = "progress";

    /// <summary>Deletes the state of a learning that is done.</summary>
    public void DeleteState() => File.Delete(StatePath);

    /// <summary>Saves the state after a step. Chance is derived from seed and step (<see cref="Seeds"/>), so nothing else has to be kept.</summary>
    /// <param name="progress">How far it has come.</param>
    /// <param name="tensors">Parameters, moments and means by name.</param>
    internal void Save(MaskLearningProgress progress, IEnumerable<KeyValuePair<string, torch.Tensor>> tensors) => SafetensorsWriter.Write(
        StatePath, tensors, new Dictionary<string, string> { [InputsKey] = InputsHash, [ProgressKey] = JsonArtefact.ToLine(progress) });

    /// <summary>How far a learning of the same inputs had come.</summary>
    /// <returns>Null where there is none.</returns>
    internal MaskLearningProgress? Read()
    {
        if (!File.Exists(StatePath))
        {
            return null;
        }

        using var file = new SafetensorsFile(StatePath);
        return file.Metadata.GetValueOrDefault(InputsKey) == InputsHash && file.Metadata.TryGetValue(ProgressKey, out var progress)
            ? JsonArtefact.FromLine<MaskLearningProgress>(progress, StatePath)
            : null;
    }

    /// <summary>Gives an optimizer its parameters and moments back.</summary>
    /// <param name="adam">The optimizer.</param>
    /// <param name="step">Steps it had taken.</param>
    internal void Restore(Adam adam, int step)
    {
        using var file = new SafetensorsFile(StatePath);
        adam.Restore(step, (name, _) => file.Read(name));
    }

    /// <summary>Gives tensors their saved values back.</summary>
    /// <param name="tensors">Names in the file and tensors of the same shape.</param>
    internal void Restore(IEnumerable<KeyValuePair<string, torch.Tensor>> tensors)
    {
        using var noGradient = torch.no_grad();
        using var file = new SafetensorsFile(StatePath);
        foreach (var (name, tensor) in tensors)
        {
            using var scope = torch.NewDisposeScope();
            tensor.copy_(file.Read(name));
        }
    }
}

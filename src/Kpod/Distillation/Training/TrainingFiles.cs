using System.Globalization;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Training;

namespace Kpod.Distillation.Training;

/// <summary>Where a training keeps its log and its state: parameters, moments and step count in one safetensors file, replaced as a whole.</summary>
/// <param name="StatePath">The state's file.</param>
/// <param name="LogPath">The log's file.</param>
/// <param name="InputsHash">Hash of everything that shapes the training; a state of other inputs is not resumed.</param>
internal sealed record TrainingFiles(string StatePath, string LogPath, string InputsHash)
{
    private const string StepKey = "step";
    private const string InputsKey = "inputs";

    /// <summary>Saves the state after a step. Chance is derived from seed and step (<see cref="Seeds"/>), so nothing else has to be kept.</summary>
    /// <param name="adam">The optimizer with its parameters.</param>
    public void Save(Adam adam) => SafetensorsWriter.Write(
        StatePath,
        [.. adam.State()],
        new Dictionary<string, string> { [StepKey] = adam.StepCount.ToString(CultureInfo.InvariantCulture), [InputsKey] = InputsHash });

    /// <summary>Restores the state if there is one of the same inputs.</summary>
    /// <param name="adam">The optimizer with its parameters, as at the start of the training.</param>
    /// <returns>Whether it was restored.</returns>
    public bool TryRestore(Adam adam)
    {
        if (!File.Exists(StatePath))
        {
            return false;
        }

        using var file = new SafetensorsFile(StatePath);
        if (file.Metadata.GetValueOrDefault(InputsKey) != InputsHash
            || !long.TryParse(file.Metadata.GetValueOrDefault(StepKey), NumberStyles.None, CultureInfo.InvariantCulture, out var step))
        {
            return false;
        }

        adam.Restore(step, (name, _) => file.Read(name));
        return true;
    }

    /// <summary>Deletes the state of a training that is done.</summary>
    public void DeleteState() => File.Delete(StatePath);
}

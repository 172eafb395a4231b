using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Native;
using Kpod.Runs;

namespace Kpod.Asking;

/// <summary>Where a model and its adapter are, and how they were used.</summary>
/// <param name="Model">A Hugging Face folder or a .gguf file.</param>
/// <param name="Adapter">A PEFT adapter's folder; null for the model alone.</param>
/// <param name="Precision">Type of the base weights in the run; null where there is no run.</param>
public sealed record StudentLocation(string Model, string? Adapter, WeightPrecision? Precision)
{
    /// <summary>Finds the student that a path means: of a run's folder its base with the adapter that was trained (or the whole model, where every weight was), else the model itself.</summary>
    /// <param name="path">A Hugging Face folder, a .gguf file, or a run's folder.</param>
    /// <param name="adapter">An adapter's folder that goes before the run's own; null for none.</param>
    /// <returns>Where they are.</returns>
    /// <exception cref="KpodException">The run has no student yet, or its base is gone.</exception>
    public static StudentLocation Find(string path, string? adapter)
    {
        if (adapter is not null && !Directory.Exists(adapter))
        {
            throw new KpodException($"{adapter}: there is no such adapter; name the folder with adapter_config.json.");
        }

        var recipePath = Path.Combine(path, RunFiles.Recipe);
        if (!File.Exists(recipePath))
        {
            return new StudentLocation(path, adapter, null);
        }

        var student = Path.Combine(path, RunFiles.Student);
        var recipe = KpodRecipe.FromRun(recipePath);
        var trained = recipe.Distillation.FullFineTuning ? HuggingFaceFolder.ConfigurationFile : PeftAdapter.WeightsFile;
        if (adapter is null && !File.Exists(Path.Combine(student, trained)))
        {
            throw new KpodException($"{path}: this run has no student yet ({RunFiles.Student}/{trained} is missing); finish it with 'kpod distill', or name the base model itself.");
        }

        RunIntegrity.Check(path, adapter is null ? [Stage.Student.Name()] : []);
        if (recipe.Distillation.FullFineTuning && adapter is null)
        {
            return new StudentLocation(student, null, recipe.Student.Precision);
        }

        var options = recipe.Student;
        return Path.Exists(options.Model) ? new StudentLocation(options.Model, adapter ?? student, options.Precision)
            : throw new KpodException($"{recipePath}: the base of this run, {options.Model}, is not there any more; give the model's path with --adapter {student}.");
    }
}

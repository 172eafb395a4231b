using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;

namespace Kpod.Verification.References;

/// <summary>Holds a model against everything that a reference folder records of it.</summary>
/// <param name="report">Hears what is found.</param>
/// <param name="subject">The model.</param>
/// <param name="folder">The reference's folder.</param>
internal sealed class ModelReference(ReportBuilder report, ModelUnderTest subject, string folder)
{
    private const string NumbersFile = "reference.safetensors";
    private const string FullFolder = "full";
    private const string DistillationFile = "kpod.json";

    /// <summary>Checks the folder's files, whichever are there.</summary>
    /// <exception cref="KpodException">There is nothing to check, a file is unsound, or the model cannot be loaded.</exception>
    public void Check()
    {
        if (!Directory.Exists(folder))
        {
            throw new KpodException($"{folder}: there is no such folder of recorded numbers.");
        }

        string[] adapters = [.. Directory.EnumerateDirectories(folder).Where(sub => File.Exists(Path.Combine(sub, PeftConfiguration.FileName))).Order(StringComparer.Ordinal)];
        var (own, full, distillation) = (Path.Combine(folder, NumbersFile), Path.Combine(folder, FullFolder, NumbersFile), Path.Combine(folder, DistillationFile));
        if (!File.Exists(own) && !File.Exists(full) && !File.Exists(distillation) && adapters.Length == 0)
        {
            throw new KpodException($"{folder}: records nothing to compare with; looked for {NumbersFile}, lora*/{NumbersFile}, {FullFolder}/{NumbersFile} and {DistillationFile}. Name the folder that has them with --reference.");
        }

        using (var model = subject.Load())
        {
            using var numbers = File.Exists(own) ? new ReferenceNumbers(own, NumbersFile) : null;
            CheckOwn(model, numbers);
            foreach (var adapter in adapters)
            {
                CheckAdapter(model, adapter, numbers);
            }

            numbers?.ReportUnread(report);
            if (File.Exists(distillation))
            {
                DistillationReference.Check(report, distillation, DistillationFile, model);
            }
        }

        CheckFull(full);
        CheckLearningRates();
        NameOtherFolders(adapters);
    }

    private void CheckOwn(ILanguageModel model, ReferenceNumbers? numbers)
    {
        if (numbers is null)
        {
            return;
        }

        new ForwardReference(report, numbers, model).Check();
        GreedyReference.Check(report, numbers, model, subject.EndIds(model.VocabularySize));
        if (subject.OlderConfiguration is { } older && numbers.Has("logits"))
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            using var noGradient = TorchSharp.torch.no_grad();
            using var other = subject.LoadWith(older);
            report.Compare(numbers.Name, $"logits ({Path.GetFileName(older)})", numbers.Numbers("logits"), PaddedForward.Logits(other, numbers));
        }
    }

    private void CheckAdapter(ILanguageModel model, string adapter, ReferenceNumbers? batch)
    {
        var name = $"{Path.GetFileName(adapter)}/{NumbersFile}";
        var refused = PeftConfiguration.Unsupported(Path.Combine(adapter, PeftConfiguration.FileName), model.IsCausal);
        if (refused.Count > 0)
        {
            report.NotChecked(name, "all of it", $"the adapter is refused: {string.Join("; ", refused)}");
        }
        else if (!File.Exists(Path.Combine(adapter, NumbersFile)))
        {
            PeftAdapter.Load(model, adapter).Detach();
            report.NotChecked(name, "all of it", "there is an adapter, which loads, but no such file of numbers");
        }
        else
        {
            using var numbers = new ReferenceNumbers(Path.Combine(adapter, NumbersFile), name);
            var reference = new AdapterReference(report, numbers, model, adapter);
            reference.CheckForward(batch);
            reference.CheckTraining();
            numbers.ReportUnread(report);
        }
    }

    private void CheckFull(string path)
    {
        if (File.Exists(path))
        {
            using var model = subject.Load();
            using var numbers = new ReferenceNumbers(path, $"{FullFolder}/{NumbersFile}");
            FullTrainingReference.Check(report, numbers, model);
            numbers.ReportUnread(report);
        }
    }

    // One file serves all models of a parent folder.
    private void CheckLearningRates()
    {
        string?[] places = [folder, Path.GetDirectoryName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar))];
        if (places.OfType<string>().Select(place => Path.Combine(place, LearningRateReference.FileName)).FirstOrDefault(File.Exists) is { } path)
        {
            LearningRateReference.Check(report, path);
        }
    }

    private void NameOtherFolders(string[] adapters)
    {
        foreach (var other in Directory.EnumerateDirectories(folder).Where(sub => File.Exists(Path.Combine(sub, NumbersFile))).Except(adapters).Where(sub => Path.GetFileName(sub) != FullFolder).Order(StringComparer.Ordinal))
        {
            report.NotChecked($"{Path.GetFileName(other)}/{NumbersFile}", "all of it", $"the folder has no {PeftConfiguration.FileName} and is not {FullFolder}/");
        }
    }
}

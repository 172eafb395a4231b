using Kpod.Datasets;
using Kpod.Files;
using Kpod.LanguageModels.Export;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Runs;

namespace Kpod.Asking;

/// <summary>The student of a run as its folder has it: which base model, which adapter, and texts to try both on.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Model">The base model's path, or the student's own where every weight was trained.</param>
/// <param name="Adapter">The adapter's folder; null where every weight was trained.</param>
/// <param name="Texts">Some of the run's questions, those of training with their rationales.</param>
public sealed record RunStudent(string Name, string Model, string? Adapter, IReadOnlyList<GateText> Texts)
{
    private const int TextsOfEachKind = 4;

    /// <summary>Whether a folder is that of a run.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>True if it holds a manifest.</returns>
    public static bool IsRun(string folder) => File.Exists(Path.Combine(folder, RunFiles.Manifest));

    /// <summary>Reads a run's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The student.</returns>
    /// <exception cref="KpodException">It has no trained student yet, or an artefact is faulty.</exception>
    public static RunStudent Read(string folder)
    {
        string PathOf(string file) => Path.Combine(folder, file);
        var location = StudentLocation.Find(folder, adapter: null);
        RunIntegrity.Check(folder, [Stage.Questions.Name(), Stage.Rationales.Name()]);
        var recipe = KpodRecipe.FromRun(PathOf(RunFiles.Recipe));
        var questions = JsonArtefact.ReadLines<SplitQuestion>(PathOf(RunFiles.Questions));
        var prompts = questions.ToDictionary(question => question.Id, question => CotPrompt.Of(question.ToQuestion()), StringComparer.Ordinal);
        var learned = JsonArtefact.ReadLines<Rationale>(PathOf(RunFiles.Rationales))
            .Where(rationale => rationale.DropReason is null && prompts.ContainsKey(rationale.QuestionId))
            .Take(TextsOfEachKind)
            .Select(rationale => new GateText(prompts[rationale.QuestionId], rationale.Text));
        var unseen = questions.Where(question => question.Split != "train").Take(TextsOfEachKind).Select(question => new GateText(prompts[question.Id]));
        return new RunStudent(recipe.Name, location.Model, location.Adapter, [.. learned, .. unseen]);
    }
}

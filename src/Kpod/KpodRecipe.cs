using Kpod.Datasets;
using Kpod.Distillation.Options;
using Kpod.Evaluation;
using Kpod.Files;
using Kpod.LanguageModels.Native;
using Kpod.ProgressiveSchedule;
using Kpod.RationaleGeneration;
using Kpod.Recipes;
using Kpod.Reports.Records;
using Kpod.StepDifficulty;
using Kpod.Students;
using Kpod.TokenWeighting.Options;

namespace Kpod;

/// <summary>Everything that decides a run, a section a stage, in the order of the stages. Read strictly from a YAML file.</summary>
public sealed record KpodRecipe
{
    private const int LongestName = 100;
    private const long MostStages = 10_000;

    /// <summary>Names the run: its folder is <c>runs/NAME</c> unless told otherwise.</summary>
    public required string Name { get; init; }

    /// <summary>What the student is taught with.</summary>
    public DistillationMethod Method { get; init; } = DistillationMethod.Kpod;

    /// <summary>Every use of chance follows from this number.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The student before distillation.</summary>
    public required StudentOptions Student { get; init; }

    /// <summary>Stage 1: questions with answers.</summary>
    public required DatasetOptions Dataset { get; init; }

    /// <summary>Stage 2: the teacher's rationales.</summary>
    public RationaleOptions Rationales { get; init; } = new();

    /// <summary>Stage 3: token weights (Eq. 2 to 7).</summary>
    public TokenWeightingOptions TokenWeights { get; init; } = new();

    /// <summary>Stage 4: step difficulty (Eq. 8).</summary>
    public StepDifficultyOptions StepDifficulty { get; init; } = new();

    /// <summary>Stage 5: the progressive schedule (Eq. 9 to 13).</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>Stage 6: training (Eq. 15).</summary>
    public DistillationOptions Distillation { get; init; } = new();

    /// <summary>Stage 7: answers to held-out questions.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>Stage 8: the page.</summary>
    public ReportOptions Report { get; init; } = new();

    /// <summary>The recipe as YAML, overrides in place.</summary>
    internal string Yaml { get; init; } = string.Empty;

    /// <summary>Reads a recipe's file.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Keys to replace, each <c>section.key=value</c>.</param>
    /// <returns>The recipe, checked.</returns>
    /// <exception cref="KpodException">Anything is wrong with it: all faults at once, each with line and key.</exception>
    public static KpodRecipe Load(string path, params IReadOnlyList<string> overrides) => From(RecipeDocument.Load(path).With(overrides).WithoutVariants());

    /// <summary>Binds a document.</summary>
    /// <param name="document">The YAML with its overrides in place.</param>
    /// <returns>The recipe, checked.</returns>
    /// <exception cref="KpodException">Anything is wrong with it: all faults at once, each with line and key.</exception>
    public static KpodRecipe From(RecipeDocument document)
    {
        var binder = new OptionsBinder(document.FullPath);
        var recipe = (KpodRecipe)binder.Bind(typeof(KpodRecipe), document.Root, string.Empty);
        string[] faults = [.. binder.Faults, .. binder.Faults.Count == 0 ? recipe.Check() : []];
        return faults.Length == 0 ? recipe with { Yaml = document.ToYaml() } : throw KpodException.FromFaults($"The recipe {document.FullPath} cannot be used", faults);
    }

    /// <summary>Reads the copy of a recipe that a run keeps; what its paths name need not be there any more.</summary>
    /// <param name="path">The copy.</param>
    /// <returns>The recipe.</returns>
    internal static KpodRecipe FromRun(string path)
    {
        var document = RecipeDocument.Load(path);
        var binder = new OptionsBinder(document.FullPath, checkPaths: false);
        var recipe = (KpodRecipe)binder.Bind(typeof(KpodRecipe), document.Root, string.Empty);
        return binder.Faults.Count == 0 ? recipe with { Yaml = document.ToYaml() } : throw KpodException.FromFaults($"The run's recipe {path} cannot be read", binder.Faults);
    }

    private IEnumerable<string> Check()
    {
        if (Name.Trim() != Name || Name.Length is 0 or > LongestName || Name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || Name is "." or ".." || SafeText.OneLine(Name) != Name)
        {
            yield return $"name is '{SafeText.OneLine(Name.Length > LongestName ? Name[..LongestName] + "..." : Name)}'; it names a folder, so letters, digits, '-' and '_', at most {LongestName}.";
        }

        if ((long)Distillation.Epochs * Schedule.PerEpoch > MostStages)
        {
            yield return FormattableString.Invariant($"distillation.epochs is {Distillation.Epochs} and schedule.stagesPerEpoch {Schedule.PerEpoch}, which makes more than {MostStages} stages; lower one of them.");
        }

        if (Distillation.FullFineTuning && Student.Precision != WeightPrecision.Float32)
        {
            yield return "distillation.fullFineTuning is true, so student.precision must be float32: steps of usual size round to nothing in bfloat16 weights.";
        }

        if (Distillation.FullFineTuning && Student.KeepQuantised)
        {
            yield return "distillation.fullFineTuning and student.keepQuantised are both true, but quantised weights cannot be trained; leave one of them out.";
        }

        string[] faults =
        [
            .. Student.Check(), .. Dataset.Check(), .. Rationales.Check(), .. TokenWeights.Check(), .. StepDifficulty.Check(), .. Schedule.Check(),
            .. Distillation.Check(), .. Evaluation.Check(), .. Report.Check(),
        ];
        foreach (var fault in faults)
        {
            yield return fault;
        }
    }
}

using Kpod.Datasets.Questions;
using Kpod.Distillation.Training;
using Kpod.Distillation.Options;
using Kpod.ProgressiveSchedule;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Rationales;
using Kpod.StepDifficulty;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Reports.Records;

/// <summary>
/// All that a report shows of one run: its artefacts as they were read, and records that others fill. What a run does not have stays empty or null; the
/// report then says in one line why the section is missing.
/// </summary>
public sealed record RunReportData
{
    /// <summary>The run's name.</summary>
    public required string Name { get; init; }

    /// <summary>The recipe's key <c>method</c>.</summary>
    public required DistillationMethod Method { get; init; }

    /// <summary>The student: path, architecture, parameters, trained parameters, precision.</summary>
    public IReadOnlyList<ReportFact> Student { get; init; } = [];

    /// <summary>The data: format, questions of each split, how the rationales are chosen.</summary>
    public IReadOnlyList<ReportFact> Data { get; init; } = [];

    /// <summary>What of the recipe a reader wants first: epochs, stages, learning rate, adapter rank.</summary>
    public IReadOnlyList<ReportFact> Training { get; init; } = [];

    /// <summary>Versions, commit, threads, processor, seed.</summary>
    public IReadOnlyList<ReportFact> Environment { get; init; } = [];

    /// <summary>Accuracies, the run's student first. The first extraction of a model and split is the one the page leads with.</summary>
    public IReadOnlyList<AccuracyRow> Accuracies { get; init; } = [];

    /// <summary>Artefact 01, as far as questions are shown: those of the rationales and generations.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>Counts of the rationales kept and dropped.</summary>
    public RationaleSummary? RationaleSummary { get; init; }

    /// <summary>Artefact 02; only the kept ones that have weights are shown.</summary>
    public IReadOnlyList<Rationale> Rationales { get; init; } = [];

    /// <summary>Where the weights are from: <c>learned</c>, <c>uniform</c>, or the file that was given.</summary>
    public string? TokenWeightSource { get; init; }

    /// <summary>Artefact 03; null where the method has no token weights.</summary>
    public IReadOnlyList<RationaleTokenWeights>? TokenWeights { get; init; }

    /// <summary>What mask learning did; null where the weights were not learned.</summary>
    public MaskLearningDiagnosis? MaskLearning { get; init; }

    /// <summary>Area under the ROC curve of w against planted keypoints; null for data without planted ones.</summary>
    public double? KeypointAuc { get; init; }

    /// <summary>Rationales in the heat map.</summary>
    public int HeatMaps { get; init; } = new ReportOptions().HeatMaps;

    /// <summary>Artefact 04; null where the method has no step difficulties.</summary>
    public IReadOnlyList<RationaleDifficulty>? Difficulties { get; init; }

    /// <summary>Artefact 05; null where the method has no schedule.</summary>
    public StageSchedule? Schedule { get; init; }

    /// <summary>The training log, a point an optimizer step, in order.</summary>
    public IReadOnlyList<TrainingLogPoint> TrainingLog { get; init; } = [];

    /// <summary>Answers of the run's student to held-out questions, in order; the page shows up to ten right and ten wrong ones.</summary>
    public IReadOnlyList<GenerationExample> Generations { get; init; } = [];

    /// <summary>How long each stage took, in the order of the pipeline.</summary>
    public IReadOnlyList<StageTime> StageTimes { get; init; } = [];

    /// <summary>The recipe's file, text as read.</summary>
    public string RecipeText { get; init; } = string.Empty;

    /// <summary>The recipe's values by dotted key, for the table of differences between runs.</summary>
    public IReadOnlyDictionary<string, string> RecipeValues { get; init; } = new Dictionary<string, string>();

    /// <summary>What the run warned of.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

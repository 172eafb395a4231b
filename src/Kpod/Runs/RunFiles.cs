namespace Kpod.Runs;

/// <summary>Names of the files in a run's folder (docs/formats.md describes each).</summary>
public static class RunFiles
{
    /// <summary>The recipe as it was read, overrides included.</summary>
    public const string Recipe = "recipe.yaml";

    /// <summary>The most bytes of a recipe; looked at before it is read.</summary>
    internal const long LongestRecipe = 1L << 20;

    /// <summary>Versions, commit, seed, threads, processor.</summary>
    public const string Environment = "environment.json";

    /// <summary>What happened when, a line an event.</summary>
    public const string Events = "events.jsonl";

    /// <summary>The finished stages with the hashes of their inputs and files; written last.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>Artefact of <see cref="Stage.Questions"/>.</summary>
    public const string Questions = "01-questions.jsonl";

    /// <summary>Artefact of <see cref="Stage.Rationales"/>.</summary>
    public const string Rationales = "02-rationales.jsonl";

    /// <summary>What the teacher's answers took, where a teacher was asked.</summary>
    public const string TeacherUsage = "02-rationales.teacher.json";

    /// <summary>State of a mask learning under way.</summary>
    public const string MaskLearningState = "03-token-weights.state.safetensors";

    /// <summary>The trained answer predictor that token weights are learned with.</summary>
    public const string MaskLearningPredictor = "03-token-weights.predictor.safetensors";

    /// <summary>Artefact of <see cref="Stage.TokenWeights"/>.</summary>
    public const string TokenWeights = "03-token-weights.jsonl";

    /// <summary>What mask learning showed on the way.</summary>
    public const string TokenWeightsSummary = "03-token-weights.summary.json";

    /// <summary>What mask learning measured before it was found to have collapsed; no weights stand beside it.</summary>
    public const string TokenWeightsCollapsed = "03-token-weights.collapsed.json";

    /// <summary>Artefact of <see cref="Stage.StepDifficulty"/>.</summary>
    public const string StepDifficulty = "04-step-difficulty.jsonl";

    /// <summary>Artefact of <see cref="Stage.Schedule"/>.</summary>
    public const string Schedule = "05-schedule.json";

    /// <summary>Folder of <see cref="Stage.Student"/>: a PEFT adapter, the training log and, while training, its state.</summary>
    public const string Student = "06-student";

    /// <summary>The training log in <see cref="Student"/>.</summary>
    public const string TrainingLog = "06-student/training-log.jsonl";

    /// <summary>The state from which a killed training goes on.</summary>
    public const string TrainingState = "06-student/training-state.safetensors";

    /// <summary>Folder of <see cref="Stage.Evaluation"/>.</summary>
    public const string Evaluation = "07-evaluation";

    /// <summary>The accuracies in <see cref="Evaluation"/>.</summary>
    public const string EvaluationSummary = "07-evaluation/summary.json";

    /// <summary>Artefact of <see cref="Stage.Report"/>.</summary>
    public const string Report = "08-report.html";
}

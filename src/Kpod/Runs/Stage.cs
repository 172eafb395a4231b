namespace Kpod.Runs;

/// <summary>The stages of a run, in the order of the paper; their numbers are those of a run's files.</summary>
public enum Stage
{
    /// <summary>Questions with known answers: <c>01-questions.jsonl</c>.</summary>
    Questions = 1,

    /// <summary>The teacher's rationales, kept and dropped: <c>02-rationales.jsonl</c>.</summary>
    Rationales = 2,

    /// <summary>A weight for every rationale token: <c>03-token-weights.jsonl</c>.</summary>
    TokenWeights = 3,

    /// <summary>The steps of each rationale and their difficulty: <c>04-step-difficulty.jsonl</c>.</summary>
    StepDifficulty = 4,

    /// <summary>How many steps are given at which stage: <c>05-schedule.json</c>.</summary>
    Schedule = 5,

    /// <summary>The trained student: <c>06-student/</c>.</summary>
    Student = 6,

    /// <summary>Its answers to held-out questions: <c>07-evaluation/</c>.</summary>
    Evaluation = 7,

    /// <summary>The page: <c>08-report.html</c>.</summary>
    Report = 8,
}

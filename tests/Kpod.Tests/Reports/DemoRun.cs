using Kpod.Datasets.Questions;
using Kpod.Distillation.Options;
using Kpod.Evaluation;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Quality;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Reports.Records;

namespace Kpod.Tests.Reports;

/// <summary>Made-up records of a run in the sizes and shapes of a real one: 30 rationales, 10 stages, 400 optimizer steps.</summary>
internal static class DemoRun
{
    public const int Rationales = 30;
    public const int OptimizerSteps = 400;

    private static readonly RationaleSummary Summary = new(700, 59, 1900, 1415, 1398, new Dictionary<string, int> { ["wrong answer"] = 447, ["no answer found"] = 38, ["longer than 256 tokens"] = 17 }, 118.4)
    {
        Quality = new TeacherQuality(
            [
                new("gpt-3.5-turbo", 1500, 1180, 1180 / 1500.0, 1164, new(61.2, 55, 118, 240), new(3.4, 3, 7, 12), new(84.1, 76, 160, 256), 0.1834m, "USD", 1200),
                new("SmolLM2-1.7B-Instruct", 400, 235, 235 / 400.0, 234, new(88.9, 80, 170, 301), new(5.1, 5, 9, 15), null, null, null, 0),
            ],
            641,
            new Dictionary<int, int> { [1] = 60, [2] = 80, [3] = 560 },
            new Dictionary<int, int> { [0] = 59, [1] = 120, [2] = 268, [3] = 253 },
            new Dictionary<string, int> { ["stop"] = 1480, ["unknown"] = 400, ["length"] = 20 },
            Refused: 2, Empty: 1, CutOff: 20, WithoutAnswer: 38, SameText: 14, NearDuplicates: 63),
    };

    public static RunReportData Kpod()
    {
        var problems = Enumerable.Range(0, Rationales).Select(DemoProblems.Make).ToList();
        var rationales = problems.Select((problem, index) => new Rationale { QuestionId = $"train-{index + 1}", Sample = index % 3, Text = problem.Rationale, Teacher = "gpt-3.5-turbo", ExtractedAnswer = problem.Answer, Correct = true }).ToList();
        var weights = rationales.ConvertAll(DemoProblems.Weigh);
        var difficulties = rationales.Select((rationale, index) => DemoProblems.Assess(rationale, weights[index])).ToList();
        return Shared("svamp-smollm2", DistillationMethod.Kpod) with
        {
            Accuracies = Accuracies("KPOD student", 31, 36, 40),
            Questions = [.. problems.Select((problem, index) => new Question { Id = $"train-{index + 1}", Text = problem.Question, Answer = problem.Answer })],
            RationaleSummary = Summary,
            Rationales = rationales,
            TokenWeightSource = "learned by masking, the student as predictor",
            TokenWeights = weights,
            MaskLearning = DemoCurves.MaskLearning(),
            KeypointAuc = 0.957,
            Difficulties = difficulties,
            Schedule = DemoSchedule.Make(difficulties, stages: 10),
            TrainingLog = DemoCurves.Log(OptimizerSteps, stages: 10, isProgressive: true),
            Generations = DemoProblems.Generations(30),
            StageTimes = [new("questions", 0.4), new("rationales", 2.1), new("token weights", 645), new("step difficulty", 118), new("schedule", 3.2), new("distillation", 1650), new("evaluation", 312, "base taken from svamp-smollm2-cot")],
            Warnings = ["12 rationales longer than 256 tokens were dropped before the schedule was made; raise dataset.maximumTokens to keep them."],
        };
    }

    public static RunReportData Cot() => Shared("svamp-smollm2-cot", DistillationMethod.Cot) with
    {
        Accuracies = Accuracies("plain CoT student", 19, 22, 25),
        RationaleSummary = Summary,
        TrainingLog = DemoCurves.Log(OptimizerSteps, stages: 10, isProgressive: false),
        Generations = DemoProblems.Generations(24),
        StageTimes = [new("questions", 0.4), new("rationales", 2.1), new("distillation", 1810), new("evaluation", 305)],
        RecipeValues = new Dictionary<string, string> { ["method"] = "cot", ["distillation.epochs"] = "10", ["distillation.learningRate"] = "0.0005", ["dataset.format"] = "svamp" },
    };

    /// <summary>As many rationales, stages and optimizer steps as a run on GSM8K has.</summary>
    public static RunReportData Large()
    {
        var small = Kpod();
        var difficulties = Enumerable.Range(0, 7000).Select(index => small.Difficulties![index % Rationales] with { QuestionId = $"train-{index + 1}" }).ToList();
        return small with
        {
            Difficulties = difficulties,
            Schedule = DemoSchedule.Make(difficulties, stages: 50),
            TrainingLog = DemoCurves.Log(20_000, stages: 50, isProgressive: true),
            TokenWeights = [.. Enumerable.Range(0, 7000).Select(index => small.TokenWeights![index % Rationales])],
            RecipeText = string.Concat(Enumerable.Repeat(small.RecipeText, 5)),
        };
    }

    private static RunReportData Shared(string name, DistillationMethod method) => new()
    {
        Name = name,
        Method = method,
        Student = [new("checkpoint", "../models/SmolLM2-135M-Instruct.Q4_1.gguf"), new("architecture", "LLaMA, 30 layers, width 576"), new("parameters", "134,515,008"), new("trained", "9,768,960 (LoRA rank 64 on q, k, v, o, gate, up, down)"), new("precision", "bfloat16, adapter in float32")],
        Data = [new("data set", "SVAMP"), new("training questions", "700"), new("validation, test", "150, 150"), new("rationales", "up to 3 correct ones a question"), new("prompt", "Q: {question} A: Let's think step by step.")],
        Training = [new("method", method == DistillationMethod.Kpod ? "KPOD" : "plain CoT"), new("epochs", "10"), new("batch", "4"), new("learning rate", "5e-4, falling linearly"), new("adapter", "rank 64, alpha 64, no dropout"), new("length limit", "256 tokens")],
        Environment = [new("Kpod", "0.1.0+fab59a2"), new(".NET", "10.0.4"), new("TorchSharp", "0.107.0, libtorch 2.10.0"), new("system", "Debian GNU/Linux 12, x64"), new("processor", "AMD EPYC 9B14, 2 threads"), new("seed", method == DistillationMethod.Kpod ? "1" : "2")],
        RecipeText = $"name: {name}\nmethod: {(method == DistillationMethod.Kpod ? "kpod" : "cot")}\nstudent: {{ model: ../models/SmolLM2-135M-Instruct.gguf, precision: bfloat16 }}\ndataset: {{ format: svamp, folder: ../data/svamp }}\ndistillation:\n  epochs: 10   # <= the paper has 40\n  learningRate: 5e-4\n",
        RecipeValues = new Dictionary<string, string> { ["method"] = "kpod", ["distillation.epochs"] = "10", ["distillation.learningRate"] = "0.0005", ["distillation.normalizeWeights"] = "true", ["schedule.stages"] = "10", ["dataset.format"] = "svamp" },
    };

    private static List<AccuracyRow> Accuracies(string student, int strict, int flexible, int validation) =>
    [
        Row(student, "test", "strict", strict), Row(student, "test", "flexible", flexible), Row(student, "validation", "strict", validation), Row(student, "validation", "flexible", validation + 2),
        Row("base", "test", "strict", 3), Row("base", "test", "flexible", 6), Row("base", "validation", "strict", 5), Row("base", "validation", "flexible", 7),
    ];

    private static AccuracyRow Row(string name, string split, string extraction, int correct)
    {
        const int Total = 150;
        var interval = WilsonInterval.Of(correct, Total);
        return new AccuracyRow { Name = name, Split = split, Extraction = extraction, Correct = correct, Total = Total, Low = interval.Low, High = interval.High, StopRate = name == "base" ? 0.613 : 0.987, TruncationRate = name == "base" ? 0.387 : 0.013 };
    }
}

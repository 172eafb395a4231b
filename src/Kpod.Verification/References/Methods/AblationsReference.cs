using System.Text.Json;
using System.Text.Json.Nodes;
using Kpod.Distillation.Methods.KeypointProgressive;
using Kpod.Distillation.Options;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.ProgressiveSchedule;
using Kpod.StepDifficulty;
using Kpod.Verification.Recorded;

namespace Kpod.Verification.References.Methods;

/// <summary>The paper's four ablations, through the keys that switch them on.</summary>
internal static class AblationsReference
{
    private static readonly string[] ScheduleKeys = ["step_difficulty", "cluster", "clusters", "T", "p", "initial_share", "beta", "delta_s", "epsilon"];

    private static readonly (string Key, DistillationOptions Options)[] Ablations =
    [
        ("kpod", new DistillationOptions()),
        ("without_sig", new DistillationOptions { UniformWeights = true }),
        ("without_sig_dif", new DistillationOptions()),
        ("without_prog", new DistillationOptions { WithoutProgression = true }),
    ];

    /// <summary>Checks the file.</summary>
    public static void Check(MethodQuantities quantities, RecordedValue root, MethodModels models)
    {
        foreach (var recorded in root["models"].Items())
        {
            CheckModel(quantities, recorded, models);
        }

        foreach (var (recorded, number) in root["diversity"].Items().Select((item, index) => (item, index)))
        {
            foreach (var key in new[] { "with_diversity", "without_diversity" })
            {
                CheckSchedule(quantities, $"diversity[{number}] {key}: ", recorded[key], recorded);
            }
        }
    }

    private static void CheckModel(MethodQuantities quantities, RecordedValue recorded, MethodModels models)
    {
        var (model, name) = (models.Load(recorded["model"]), $"{recorded["family"].Text()}: ");
        var examples = KpodExamples.Read(models.FolderOf(recorded["model"]), model);
        DistillationItem[] items = [.. examples.Select(example => example.Item)];
        foreach (var (key, options) in Ablations)
        {
            CheckLosses(quantities, $"{name}{key}: ", recorded[key]["losses"], model, items, options);
        }

        CheckLosses(quantities, $"{name}kpod: weights divided by their mean: ", recorded["kpod"]["losses_with_weights_divided_by_their_mean"], model, items, new DistillationOptions { NormalizeWeights = true });
        CheckDifficulties(quantities, name, recorded, model, examples);
        foreach (var key in new[] { "kpod", "without_sig_dif", "without_div" })
        {
            CheckSchedule(quantities, $"{name}{key}: ", recorded[key]["schedule"], recorded["settings"], recorded[key]["step_difficulty"], key == "without_div" ? 0 : null);
        }
    }

    private static void CheckLosses(MethodQuantities quantities, string name, RecordedValue losses, ILanguageModel model, DistillationItem[] items, DistillationOptions options)
    {
        foreach (var expected in losses.Items())
        {
            // Without progression the schedule still stands there and must not be heeded.
            var given = options.WithoutProgression ? items.Select(item => item.StepEnds.Count).ToArray() : expected["given_steps"].Integers();
            var method = new KpodMethod(OneStage(given), 1, options);
            DistillationExample[] examples = [.. items.Select(item => method.Visit(item, 1))];
            quantities.Same(name + "given_steps", expected.Place, expected["given_steps"].Integers(), examples.Select(example => example.GivenSteps));
            quantities.Same(name + "supervised_tokens", expected.Place, expected["supervised_tokens"].Integers(), examples.Select(example => example.Weights.Length));
            quantities.Loss(name + "weighted_nll_sum", expected["weighted_nll_sum"].Numbers(), KpodExamples.WeightedSums(model, examples));
            quantities.Step(name, expected, "loss", "gradient_norms", model, DistillationLoss.InMicroBatch(model, examples));
        }
    }

    // Without token weights in the loss the difficulty keeps them; without them in the difficulty too, all tokens of a step count alike.
    private static void CheckDifficulties(MethodQuantities quantities, string name, RecordedValue recorded, ILanguageModel model, IReadOnlyList<(DistillationItem Item, Range[] Steps)> examples)
    {
        var losses = KpodExamples.RationaleLosses(model, [.. examples.Select(example => example.Item)]);
        double[] weighted = [.. examples.SelectMany((example, index) => example.Steps.Select(step => StepDifficultyFormula.Weighted(losses[index].AsSpan(step), example.Item.TokenWeights.ToArray().AsSpan(step))))];
        double[] uniform = [.. examples.SelectMany((example, index) => example.Steps.Select(step => StepDifficultyFormula.Uniform(losses[index].AsSpan(step))))];
        foreach (var (key, computed) in new[] { ("kpod", weighted), ("without_sig", weighted), ("without_sig_dif", uniform), ("without_div", weighted) })
        {
            quantities.Loss($"{name}{key}: step_difficulty", [.. recorded[key]["step_difficulty"].Items().SelectMany(steps => steps.Numbers())], computed);
        }
    }

    // The form of a recorded schedule, whose settings stand beside it here; it is planned from the recorded difficulties, so that nothing but the plan is held to it.
    private static void CheckSchedule(MethodQuantities quantities, string name, RecordedValue schedule, RecordedValue settings, RecordedValue? difficulty = null, double? beta = null)
    {
        var joined = JsonNode.Parse(schedule.Element.GetRawText())!.AsObject();
        foreach (var key in ScheduleKeys.Where(key => !joined.ContainsKey(key)))
        {
            joined[key] = JsonNode.Parse((key == "step_difficulty" && difficulty is { } given ? given : settings[key]).Element.GetRawText());
        }

        if (beta is { } weight)
        {
            joined["beta"] = weight;
        }

        var recorded = new RecordedValue(JsonSerializer.SerializeToElement(joined), schedule.Place);
        var own = ScheduleReference.CheckSchedule(quantities.Builder, quantities.File, recorded, name);
        double[][] steps = [.. recorded["step_difficulty"].Items().Select(item => item.Numbers())];
        var (before, reached) = (own.InitialGivenSteps, recorded["initial_difficulty"].Number());
        foreach (var (stage, plan) in recorded["stages"].Items().Zip(own.Stages))
        {
            quantities.Loss(name + "budget", [stage["budget"].Number()], [plan.Ceiling - reached]);
            quantities.Loss(name + "cost", stage["cost"].Numbers(), [.. steps.Select((ofItem, item) => before[item] > 0 ? ofItem[before[item] - 1] : 0)]);
            (before, reached) = (plan.GivenSteps, plan.Difficulty);
        }
    }

    private static StageSchedule OneStage(int[] given) => new()
    {
        MaximumDifficulty = 0,
        InitialDifficulty = 0,
        GrowthRate = 0,
        GrowthPower = 0,
        DiversityWeight = 0,
        Rationales = [],
        InitialGivenSteps = given,
        Stages = [new StagePlan(1, 0, 0, [], [], given)],
        Warnings = [],
    };
}

using Kpod.Distillation.Methods.KeypointProgressive;
using Kpod.Distillation.Options;
using Kpod.Distillation.Training;
using Kpod.Distillation.Visits;
using Kpod.Files;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using Kpod.ProgressiveSchedule;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.Tests.Distillation;

public sealed class ProgressiveTrainingTests
{
    private const int Count = 9;
    private const int Steps = 3;
    private const int Stages = 4;

    // In the schedule the rationales stand in another order than in the training.
    private static readonly DistillationItem[] Items = [.. Enumerable.Range(0, Count).Select(index => Distillation.Items.Make(
        $"q{index}",
        0,
        [.. Enumerable.Range(0, 6 + index).Select(token => 5 + (((token * 7) + (index * 3)) % 60))],
        [2, 4, 6 + index],
        [.. Enumerable.Range(0, 6 + index).Select(token => Weight(index, token))],
        scheduleIndex: index * 4 % Count))];

    private static double Weight(int index, int token) => 0.05 * (1 + ((index * 5) + (token * 3)) % 19);

    private static int Given(int index, int stage) => stage > Stages ? 0 : Math.Max(0, Steps - ((stage + index) % 4));

    [Fact]
    public void Every_step_of_a_training_uses_the_weights_and_the_given_steps_of_its_own_rationales()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyModel.Llama();

        // So small a rate that every step still sees the model it began with.
        var options = new DistillationOptions { Epochs = 3, BatchSize = 2, Paleness = 0, Lora = new LoraOptions { Rank = 2 }, Optimizer = new OptimizerOptions { LearningRate = 1e-12 } };
        var expected = Expected(model, options, stagesPerEpoch: 2);
        var adapter = LoraAdapter.Attach(model, options.Lora, seed: 5);
        var method = new KpodMethod(Schedule(), stagesPerEpoch: 2, options);
        new Distiller(model, adapter.Parameters, options, seed: 11, TimeProvider.System).Train(
            Items, method, new TrainingFiles(folder.PathOf("state.safetensors"), folder.PathOf("log.jsonl"), "inputs"), progress: null, TestContext.Current.CancellationToken);
        var log = JsonArtefact.ReadLines<TrainingLogPoint>(folder.PathOf("log.jsonl"));
        Assert.Equal(15, log.Count);
        Assert.Equal([1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6], log.Select(point => point.Stage));
        foreach (var (point, step) in log.Zip(expected))
        {
            Assert.Equal(step.Tokens, point.SupervisedTokens);
            Assert.Equal(step.Loss, point.Loss, 1e-5);
        }
    }

    // By name of the question and by hand: sum of w_j times the token's loss behind the given steps, plus the answer's, over the number of those tokens.
    private static List<(double Loss, long Tokens)> Expected(LlamaModel model, DistillationOptions options, int stagesPerEpoch)
    {
        using var scope = torch.NewDisposeScope();
        var plan = new VisitPlan(Items, options, stagesPerEpoch, seed: 11);
        var steps = new List<(double, long)>();
        for (var step = 0; step < plan.TotalSteps; step++)
        {
            var (_, stage, batches) = plan.At(step);
            var (sum, tokens) = (0.0, 0L);
            foreach (var item in batches.SelectMany(batch => batch).Select(index => Items[index]))
            {
                var index = int.Parse(item.Rationale.QuestionId[1..], System.Globalization.CultureInfo.InvariantCulture);
                var response = item.Rationale.ResponseIds();
                var batch = new TeacherForcedBatch([item.Rationale.PromptIds], [response], [[.. response.Select(_ => true)]]);
                var losses = TokenLoss.NegativeLogLikelihoods(model, batch).detach().cpu().data<float>().ToArray();
                var from = new[] { 0, 2, 4, 6 + index }[Given(index, stage)];
                sum += losses.Select((loss, token) => token < from ? 0 : loss * (token < 6 + index ? Weight(index, token) : 1)).Sum();
                tokens += response.Length - from;
            }

            steps.Add((sum / tokens, tokens));
        }

        return steps;
    }

    private static StageSchedule Schedule() => new()
    {
        MaximumDifficulty = 1,
        InitialDifficulty = 0.3,
        GrowthRate = 1,
        GrowthPower = 0.5,
        DiversityWeight = 12,
        Rationales = [],
        InitialGivenSteps = [],
        Warnings = [],
        Stages = [.. Enumerable.Range(1, Stages).Select(stage => new StagePlan(stage, 1, 1, [], [], GivenAt(stage)))],
    };

    private static int[] GivenAt(int stage)
    {
        var given = new int[Count];
        foreach (var (index, item) in Items.Index())
        {
            given[item.ScheduleIndex] = Given(index, stage);
        }

        return given;
    }
}

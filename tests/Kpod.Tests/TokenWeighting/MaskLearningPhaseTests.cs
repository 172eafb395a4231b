using Kpod.LanguageModels;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Testing;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Predictors;
using TorchSharp;

namespace Kpod.Tests.TokenWeighting;

public sealed class MaskLearningPhaseTests
{
    private static readonly TokenWeightingOptions Few = new() { PredictorSteps = 6, MaskLearningSteps = 6, PredictorLearningRate = 5e-3, HeadLearningRate = 2e-3, MaskRatioWeight = 0.5, BudgetNoiseLow = -6, BudgetNoiseHigh = 2 };

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        var first = Learn(Few, seed: 1);
        Assert.Equal(first, Learn(Few, seed: 1));
        Assert.NotEqual(first, Learn(Few, seed: 2));
    }

    public static TheoryData<TokenWeightingOptions> Variants =>
    [
        Few with { MaskSite = MaskSite.AfterAttention },
        Few with { MaskSample = MaskSampling.HardStraightThrough, MaskMode = MaskMode.Zero, MaskLoss = MaskRatioEstimate.Sample },
        Few with { Prefixes = PrefixSet.StepEnds },
        Few with { Prefixes = PrefixSet.AllTokens },
        Few with { BudgetNoiseLow = 0, BudgetNoiseHigh = 0, SettlingShare = 0, AverageParameters = false },
        Few with { FreeKeepRate = 0.95 },
        Few with { Training = MaskTraining.Joint },
    ];

    [Theory]
    [MemberData(nameof(Variants), DisableDiscoveryEnumeration = true)]
    public void Every_variant_learns_and_differs_from_the_default(TokenWeightingOptions options)
    {
        Assert.Empty(options.Check());
        var weights = Learn(options, seed: 1);
        Assert.All(weights, weight => Assert.InRange(weight, 0, 1));
        Assert.NotEqual(Learn(Few, seed: 1), weights);
    }

    [Fact]
    public void The_price_stands_on_the_weights_that_the_mask_is_drawn_from_and_the_offset_fades()
    {
        // So low an offset leaves neither the answer nor the price a gradient; a price on the weights themselves would pull them down all the same.
        var far = Few with { BudgetNoiseLow = -60, BudgetNoiseHigh = -60, SettlingShare = 0, LogitBoundPenalty = 0 };
        Assert.Equal(Learn(far with { MaskRatioWeight = 0 }, seed: 1), Learn(far with { MaskRatioWeight = 5 }, seed: 1));

        // Where it fades the price is felt.
        var fading = far with { SettlingShare = 1 };
        var (free, dear) = (Learn(fading with { MaskRatioWeight = 0 }, seed: 1), Learn(fading with { MaskRatioWeight = 5 }, seed: 1));
        Assert.True(dear.Average() < free.Average(), $"{dear.Average()} with a price, {free.Average()} without");
    }

    [Fact]
    public void A_price_far_too_high_stops_at_the_keep_rate_that_is_free()
    {
        var dear = Few with { MaskRatioWeight = 5, MaskLearningSteps = 60, HeadLearningRate = 3e-3 };
        var (all, down) = (Learn(dear, seed: 1), Learn(dear with { FreeKeepRate = 0.4 }, seed: 1));
        Assert.True(all.Average() < 0.1, $"mean weight {all.Average()} at a price that nothing is worth");
        Assert.InRange(down.Average(), 0.3, 0.6);
    }

    [Fact]
    public void The_predictor_does_not_move_in_the_second_phase_nor_the_generator_in_the_first()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama(vocabularySize: 40);
        using var module = new TokenWeightingModule(new StudentPredictor(PlantedRationales.Checkpoint(model), 4, seed: 1), MaskSite.AfterAttention, MaskMode.Placeholder, seed: 1);
        var split = HeldOutSplit.Of(PlantedRationales.Make(24, seed: 1), 0.5, maximumTraining: null, seed: 1);
        var (predictor, generator) = (Copy(module, isPredictor: true), Copy(module, isPredictor: false));
        new PredictorTraining(module, split, Few, seed: 1).Run(stepEnds: null, (_, _) => { }, CancellationToken.None);
        Assert.All(generator.Zip(Copy(module, isPredictor: false)), pair => Assert.Equal(pair.First, pair.Second));
        var trained = Copy(module, isPredictor: true);
        Assert.All(predictor.Zip(trained), pair => Assert.NotEqual(pair.First, pair.Second));
        new GeneratorTraining(module, split, Few, seed: 1) { Price = 0.5 }.Run(stepEnds: null, (_, _) => { }, onLook: null, CancellationToken.None);
        Assert.All(trained.Zip(Copy(module, isPredictor: true)), pair => Assert.Equal(pair.First, pair.Second));
        Assert.All(generator.Zip(Copy(module, isPredictor: false)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void Trained_together_both_move_from_the_first_step_and_a_restart_takes_only_the_generator_back()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.Llama(vocabularySize: 40);
        using var module = new TokenWeightingModule(new StudentPredictor(PlantedRationales.Checkpoint(model), 4, seed: 1), MaskSite.AfterAttention, MaskMode.Placeholder, seed: 1);
        var split = HeldOutSplit.Of(PlantedRationales.Make(24, seed: 1), 0.5, maximumTraining: null, seed: 1);
        var (predictor, generator) = (Copy(module, isPredictor: true), Copy(module, isPredictor: false));
        new GeneratorTraining(module, split, Few with { Training = MaskTraining.Joint, MaskLearningSteps = 3 }, seed: 1) { Price = 0.5 }.Run(stepEnds: null, (_, _) => { }, onLook: null, CancellationToken.None);
        var trained = Copy(module, isPredictor: true);
        Assert.All(predictor.Zip(trained), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.All(generator.Zip(Copy(module, isPredictor: false)), pair => Assert.NotEqual(pair.First, pair.Second));
        module.RestartGenerator();
        Assert.All(generator.Zip(Copy(module, isPredictor: false)), pair => Assert.Equal(pair.First, pair.Second));
        Assert.All(trained.Zip(Copy(module, isPredictor: true)), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public void Answers_known_by_heart_end_the_predictor_s_training()
    {
        // The answer has nothing to do with the rationale, so that only knowledge by heart can lower its loss.
        var random = new Random(1);
        EncodedRationale[] rationales =
        [
            .. Enumerable.Range(0, 32).Select(number => PlantedRationales.Make($"q{number}", $"Q w{(char)('a' + (number % 8))} w{(char)('a' + (number / 8))}", "wa wb", $"{random.Next(5)}")),
        ];
        using var model = TinyModel.Llama(vocabularySize: 40);
        using var module = new TokenWeightingModule(new StudentPredictor(PlantedRationales.Checkpoint(model), 16, seed: 1), MaskSite.TokenEmbedding, MaskMode.Placeholder, seed: 1);
        var split = HeldOutSplit.Of(rationales, 0.5, maximumTraining: null, seed: 1);
        var training = new PredictorTraining(module, split, new TokenWeightingOptions { PredictorEpochs = 1000, PredictorSteps = 240, PredictorLearningRate = 1e-2 }, seed: 1);
        var steps = training.Run(stepEnds: null, (_, _) => { }, CancellationToken.None);
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped after {steps} of {training.Steps}: {training.Course[^1]}");
        Assert.Equal(240, training.Steps);
        Assert.True(steps < 240);
        Assert.True(training.Course[^1].TrainingWithout < training.Course[^1].HeldOutWithout);
    }

    [Fact]
    public void Live_tensors_stay_flat_over_updates_looks_and_whole_phases()
    {
        using var model = TinyModel.Llama(vocabularySize: 40);
        using var encoderDecoder = TinyModel.T5(vocabularySize: 40);
        foreach (var student in new ILanguageModel[] { model, encoderDecoder })
        {
            LeakCheck.IsFlat(() => Learn(Few, seed: 1, student), steps: 2, warmUp: 1);
        }
    }

    [Fact]
    public void It_stops_when_asked_and_leaves_the_student_as_it_was()
    {
        using var model = TinyModel.Llama(vocabularySize: 40);
        using var cancel = new CancellationTokenSource();
        var weigher = new RationaleWeigher(PlantedRationales.Checkpoint(model), Few, seed: 1);
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => weigher.Weigh(PlantedRationales.Make(24, seed: 1), cancel: cancel.Token));
        Assert.All(model.Linears, linear => Assert.Null(linear.Lora));
    }

    [Fact]
    public void The_rate_stays_and_then_falls_to_0()
    {
        Assert.Equal([1, 1, 1, 0.75, 0.5, 0.25], Enumerable.Range(0, 6).Select(step => SettlingRate.Multiplier(step, 6, 4 / 6.0)).Select(value => Math.Round(value, 9)));
        Assert.Equal(1, SettlingRate.Multiplier(5, 6, 0));
    }

    [Fact]
    public void Held_out_questions_are_not_learned_from()
    {
        EncodedRationale[] rationales = [.. PlantedRationales.Make(100, seed: 1).SelectMany(rationale => new[] { rationale, rationale with { Sample = 1 } })];
        var split = HeldOutSplit.Of(rationales, 0.1, maximumTraining: 50, seed: 3);
        Assert.Equal(20, split.HeldOut.Count);
        Assert.Equal(50, split.Training.Count);
        Assert.Equal(32, split.Probe.Count);
        Assert.Empty(split.HeldOut.Select(rationale => rationale.QuestionId).Intersect(split.Training.Select(rationale => rationale.QuestionId)));
        Assert.Equal(split.Training, HeldOutSplit.Of(rationales, 0.1, 50, seed: 3).Training);
        Assert.NotEqual(split.Training, HeldOutSplit.Of(rationales, 0.1, 50, seed: 4).Training);
    }

    private static float[] Learn(TokenWeightingOptions options, long seed, ILanguageModel? student = null)
    {
        using var own = student is null ? TinyModel.Llama(vocabularySize: 40) : null;
        var checkpoint = PlantedRationales.Checkpoint(student ?? own!);
        IAnswerPredictor predictor = checkpoint.Model is T5Model
            ? new EncoderDecoderPredictor(checkpoint, checkpoint, options.LoraRank, seed)
            : new StudentPredictor(checkpoint, options.LoraRank, seed);
        using var module = new TokenWeightingModule(predictor, options.MaskSite, options.MaskMode, seed);
        var split = HeldOutSplit.Of(PlantedRationales.Make(24, seed: 1, encoderDecoder: !checkpoint.Model.IsCausal), 0.5, maximumTraining: null, seed);
        static IReadOnlyList<int> StepEnds(EncodedRationale rationale) => [2, rationale.RationaleTokens.Length];
        if (options.Training == MaskTraining.PredictorFirst)
        {
            new PredictorTraining(module, split, options, seed).Run(StepEnds, (_, _) => { }, CancellationToken.None);
        }

        new GeneratorTraining(module, split, options, seed) { Price = options.MaskRatioWeight ?? 0.5 }.Run(StepEnds, (_, _) => { }, onLook: null, CancellationToken.None);
        return new MaskLearningProbe(module, split.Probe).SortedWeights();
    }

    private static float[][] Copy(TokenWeightingModule module, bool isPredictor) =>
    [
        .. (isPredictor ? module.TransformerParameters.Concat(module.InputParameters) : module.GeneratorParameters)
            .Select(parameter => parameter.Value.detach().data<float>().ToArray()),
    ];
}

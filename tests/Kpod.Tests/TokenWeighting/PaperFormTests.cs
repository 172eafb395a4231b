using Kpod.LanguageModels;
using Kpod.LanguageModels.Testing;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Predictors;
using TorchSharp;

namespace Kpod.Tests.TokenWeighting;

/// <summary>Eq. 4 to 7 as they are printed: predictor and generator together, hard masks, all prefixes, every weight of an encoder-decoder.</summary>
public sealed class PaperFormTests
{
    private static readonly TokenWeightingOptions Paper = new()
    {
        Training = MaskTraining.Joint,
        MaskRatioWeight = 0.5,
        MaskSample = MaskSampling.HardStraightThrough,
        MaskLoss = MaskRatioEstimate.Sample,
        Prefixes = PrefixSet.AllTokens,
        BudgetNoiseLow = 0,
        BudgetNoiseHigh = 0,
        LogitBoundPenalty = 0,
        SettlingShare = 0,
        AverageParameters = false,
        WholePredictor = true,
        PredictorCheckpoint = "t5",
        MaskLearningSteps = 6,
        PredictorLearningRate = 1e-3,
        HeadLearningRate = 1e-3,
    };

    [Fact]
    public void It_runs_to_its_end_without_a_first_phase_and_leaves_the_student_as_it_was()
    {
        Assert.Empty(Paper.Check());
        using var student = TinyModel.Llama(vocabularySize: 40);
        using var scope = torch.NewDisposeScope();
        var before = Values(student);
        var opened = new List<string>();
        var weigher = new RationaleWeigher(PlantedRationales.Checkpoint(student), Paper, seed: 1)
        {
            OpenCheckpoint = path =>
            {
                opened.Add(path);
                return PlantedRationales.Checkpoint(TinyModel.T5(vocabularySize: 40));
            },
        };

        var diagnosis = Diagnosis(weigher);
        Assert.Equal(["t5"], opened);
        Assert.Equal(AnswerPredictorKind.EncoderDecoder, diagnosis.Predictor);
        Assert.Equal(0, diagnosis.PredictorSteps);
        Assert.Empty(diagnosis.PredictorCourse);
        Assert.Null(diagnosis.Saving);
        Assert.Equal(0.5, Assert.Single(diagnosis.Attempts).Price);
        Assert.Equal(6, diagnosis.Course[^1].Step);
        Assert.Equal(before, Values(student));
    }

    // Whether the weights of so short a learning are of use is not asked here; what was measured shows that it went as it should.
    private static MaskLearningDiagnosis Diagnosis(RationaleWeigher weigher)
    {
        try
        {
            return weigher.Weigh(PlantedRationales.Make(40, seed: 1), cancel: TestContext.Current.CancellationToken).Diagnosis!;
        }
        catch (MaskLearningException failure)
        {
            return failure.Diagnosis!;
        }
    }

    [Fact]
    public void Every_weight_of_the_encoder_decoder_is_trained_where_an_adapter_would_leave_it_alone()
    {
        using var scope = torch.NewDisposeScope();
        using var student = TinyModel.Llama(vocabularySize: 40);
        foreach (var rank in new int?[] { null, 4 })
        {
            using var model = TinyModel.T5(vocabularySize: 40);
            var before = Values(model);
            using var module = new TokenWeightingModule(
                new EncoderDecoderPredictor(PlantedRationales.Checkpoint(student), PlantedRationales.Checkpoint(model), rank, seed: 1), MaskSite.TokenEmbedding, MaskMode.Placeholder, seed: 1);
            var split = HeldOutSplit.Of(PlantedRationales.Make(24, seed: 1), 0.5, maximumTraining: null, seed: 1);
            new GeneratorTraining(module, split, Paper, seed: 1) { Price = 0.5 }.Run(stepEnds: null, (_, _) => { }, onLook: null, CancellationToken.None);
            var moved = before.Zip(Values(model)).Count(pair => !pair.First.SequenceEqual(pair.Second));
            Assert.Equal(rank is null ? before.Length : 0, moved);
            Assert.Equal(rank is null ? before.Length : model.Linears.Count * 2, module.TransformerParameters.Count);
        }
    }

    [Fact]
    public void The_student_itself_is_never_trained_whole()
    {
        using var model = TinyModel.T5(vocabularySize: 40);
        var student = PlantedRationales.Checkpoint(model);
        Assert.Throws<ArgumentException>(() => new EncoderDecoderPredictor(student, student, rank: null, seed: 1));
    }

    [Fact]
    public void All_prefixes_and_hard_samples_reach_the_predictor()
    {
        EncodedRationale[] batch = [PlantedRationales.Make("a", "Q wa", "wb 3 wc", "3"), PlantedRationales.Make("b", "Q wa", "2 wd", "2")];
        Assert.Equal([[1, 2, 3], [1, 2]], RationalePrefixes.DrawAll(Paper, batch, stepEnds: null, new Random(1)));
        using var scope = torch.NewDisposeScope();
        var mask = RationaleMask.Sample(torch.zeros(4, 50), torch.rand(4, 50), Paper.Temperature, Paper.MaskSample).data<float>().ToArray();
        Assert.All(mask, value => Assert.True(Math.Abs(value) < 1e-6 || Math.Abs(value - 1) < 1e-6, $"{value}"));
        Assert.InRange(mask.Average(), 0.3f, 0.7f);
    }

    private static float[][] Values(ILanguageModel model) => [.. model.Weights.Select(weight => weight.Value.detach().cpu().to(torch.ScalarType.Float32).data<float>().ToArray())];
}

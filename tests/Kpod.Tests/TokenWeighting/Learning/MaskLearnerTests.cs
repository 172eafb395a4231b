using System.Globalization;
using Kpod.Files;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Testing;
using Kpod.Runs;
using Kpod.Testing;
using Kpod.TokenWeighting;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Tests.TokenWeighting.Learning;

public sealed class MaskLearnerTests
{
    // Faster rates than for a pretrained student: the tiny models are freshly drawn.
    private static readonly TokenWeightingOptions Tiny = new()
    {
        BatchSize = 16,
        PredictorEpochs = 100,
        PredictorSteps = 180,
        PredictorLearningRate = 1e-2,
        HeadLearningRate = 2e-3,
        MaskLearningSteps = 140,
        PrefixesPerRationale = 2,
    };

    [Fact]
    public void Planted_keypoints_are_found_with_the_student_as_predictor()
    {
        using var model = TinyModel.Llama(vocabularySize: 40);
        FindsPlantedKeypoints(model, AnswerPredictorKind.Student, encoderDecoder: false);
    }

    [Fact]
    public void Planted_keypoints_are_found_with_an_encoder_decoder_as_predictor()
    {
        using var model = TinyModel.T5(vocabularySize: 40);
        FindsPlantedKeypoints(model, AnswerPredictorKind.EncoderDecoder, encoderDecoder: true);
    }

    [Fact]
    public void A_learning_that_was_stopped_in_either_phase_and_resumed_ends_with_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        var options = Tiny;
        var whole = Learn(null, stopAfter: null);
        var files = new MaskLearningFiles(folder.PathOf("state.safetensors"), "inputs", folder.PathOf("predictor.safetensors"), "predictor inputs");
        Assert.Throws<OperationCanceledException>(() => Learn(files, stopAfter: 67));
        Assert.Throws<OperationCanceledException>(() => Learn(files, stopAfter: 110));
        Assert.Throws<OperationCanceledException>(() => Learn(files, stopAfter: options.PredictorSteps));
        Assert.Throws<OperationCanceledException>(() => Learn(files, stopAfter: 33));
        var resumed = Learn(files, stopAfter: null);
        Assert.Equal(JsonArtefact.ToLine(whole.Diagnosis), JsonArtefact.ToLine(resumed.Diagnosis));
        Assert.Equal(JsonArtefact.ToLine(whole.Weights), JsonArtefact.ToLine(resumed.Weights));

        // A state of other inputs is left alone.
        Assert.Null((files with { InputsHash = "others" }).Read());
        Assert.NotNull(files.Read());

        WeighedRationales Learn(MaskLearningFiles? state, int? stopAfter)
        {
            using var model = TinyModel.Llama(vocabularySize: 40);
            using var source = new CancellationTokenSource();
            return new RationaleWeigher(PlantedRationales.Checkpoint(model), options, seed: 1) { Files = state }
                .Weigh(PlantedRationales.Make(400, seed: 1), new StopAt(stopAfter, source), source.Token);
        }
    }

    [Fact]
    public void Another_price_and_other_noise_begin_with_the_predictor_that_is_kept()
    {
        using var folder = new TemporaryFolder();
        var options = Tiny;
        var files = new MaskLearningFiles(folder.PathOf("state.safetensors"), "a", folder.PathOf("predictor.safetensors"), "predictor inputs");
        using var model = TinyModel.Llama(vocabularySize: 40);
        var rationales = PlantedRationales.Make(400, seed: 1);
        var first = Learn(options, files);
        var kept = File.ReadAllBytes(files.PredictorPath);
        var cheaper = options with { SavingMultiple = 1.5, BudgetNoiseLow = -3, MaskLearningSteps = 150 };
        Assert.Equal(JsonArtefact.ToLine(options.ShapingPredictor), JsonArtefact.ToLine(cheaper.ShapingPredictor));
        Assert.NotEqual(JsonArtefact.ToLine(options.ShapingPredictor), JsonArtefact.ToLine((options with { PredictorLearningRate = 1 }).ShapingPredictor));

        // No step of a predictor: the reports begin with the weights' own.
        var reports = new List<StageProgress>();
        var second = Learn(cheaper, files with { InputsHash = "b" }, reports);
        Assert.Equal((1, 150), (reports[0].Done, reports[0].Total));
        Assert.Equal(kept, File.ReadAllBytes(files.PredictorPath));
        Assert.NotEqual(JsonArtefact.ToLine(first.Weights), JsonArtefact.ToLine(second.Weights));
        Assert.Equal(JsonArtefact.ToLine(Learn(cheaper, files: null).Weights), JsonArtefact.ToLine(second.Weights));

        // Other inputs of the predictor itself train it again.
        reports.Clear();
        Learn(options, files with { PredictorHash = "other" }, reports);
        Assert.Equal((1, Tiny.PredictorSteps), (reports[0].Done, reports[0].Total));

        WeighedRationales Learn(TokenWeightingOptions with, MaskLearningFiles? files, List<StageProgress>? reports = null) =>
            new RationaleWeigher(PlantedRationales.Checkpoint(model), with, seed: 1) { Files = files }.Weigh(rationales, new Into(reports), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_price_at_which_all_is_masked_is_moved_and_only_the_second_phase_runs_again_stopped_or_not()
    {
        using var folder = new TemporaryFolder();
        var options = Tiny with { MaskRatioWeight = null, SavingMultiple = 60, FreeKeepRate = 0, PriceMoves = 20, MaskLearningSteps = 60, MaximumRationales = 200 };
        using var model = TinyModel.Llama(vocabularySize: 40);
        var rationales = PlantedRationales.Make(240, seed: 1);
        var prices = new List<string>();
        var whole = Learn(files: null, stopAfterReports: null);
        var attempts = whole.Diagnosis!.Attempts;
        foreach (var line in prices)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(line);
        }

        Assert.InRange(attempts.Count, 2, 21);
        Assert.All(attempts.SkipLast(1), attempt => Assert.NotNull(attempt.Fault));
        Assert.Null(attempts[^1].Fault);
        Assert.Equal(60 * whole.Diagnosis.Saving!.Nats, attempts[0].Price, 1e-9);
        Assert.True(attempts[^1].Price < attempts[0].Price);
        Assert.Equal(attempts.Count, prices.Count);
        Assert.Contains("the weights are learned again at", prices[1], StringComparison.Ordinal);

        // Stopped within the second price's learning, it goes on there.
        var files = new MaskLearningFiles(folder.PathOf("state.safetensors"), "inputs", folder.PathOf("predictor.safetensors"), "predictor inputs");
        Assert.Throws<OperationCanceledException>(() => Learn(files, stopAfterReports: Tiny.PredictorSteps + 60 + 35));
        Assert.Single(files.Read()!.Attempts);
        var resumed = Learn(files, stopAfterReports: null);
        Assert.Equal(JsonArtefact.ToLine(whole.Weights), JsonArtefact.ToLine(resumed.Weights));
        Assert.Equal(JsonArtefact.ToLine(whole.Diagnosis), JsonArtefact.ToLine(resumed.Diagnosis));

        WeighedRationales Learn(MaskLearningFiles? files, int? stopAfterReports)
        {
            using var source = new CancellationTokenSource();
            return new RationaleWeigher(PlantedRationales.Checkpoint(model), options, seed: 1) { Files = files, OnPrice = prices.Add }
                .Weigh(rationales, new StopAt(stopAfterReports, source) { CountsReports = true }, source.Token);
        }
    }

    private static void FindsPlantedKeypoints(ILanguageModel model, AnswerPredictorKind kind, bool encoderDecoder)
    {
        var rationales = PlantedRationales.Make(400, seed: 1, encoderDecoder: encoderDecoder);
        var output = TestContext.Current.TestOutputHelper;
        var weigher = new RationaleWeigher(PlantedRationales.Checkpoint(model), Tiny, seed: 1)
        {
            OnLook = point => output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{point.Step}: {point.AnswerLoss:0.00} {point.MeanWeight:0.00} [{string.Join(' ', point.Quantiles.Select(w => w.ToString("0.00", CultureInfo.InvariantCulture)))}] {point.AveragedMeanWeight:0.00}")),
        };
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (weights, diagnosis) = weigher.Weigh(rationales, cancel: TestContext.Current.CancellationToken);
        foreach (var point in diagnosis!.PredictorCourse)
        {
            output?.WriteLine(JsonArtefact.ToLine(point));
        }

        output?.WriteLine(JsonArtefact.ToLine(diagnosis.AnswerLoss));
        output?.WriteLine(JsonArtefact.ToLine(diagnosis.MeanWeights));
        var auc = AreaUnderCurve(weights);
        output?.WriteLine($"area under the curve {auc.ToString("0.000", CultureInfo.InvariantCulture)}, {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal(kind, diagnosis.Predictor);
        Assert.True(auc >= 0.9, $"area under the curve {auc}");
        Assert.True(diagnosis.MeanWeights.Digits > diagnosis.MeanWeights.Others);
    }

    // Share of pairs (keypoint, filler) in which the keypoint weighs more; ties count half.
    private static double AreaUnderCurve(IReadOnlyList<RationaleTokenWeights> rationales)
    {
        var ranked = rationales.SelectMany(rationale => rationale.Tokens).OrderBy(token => token.Weight).ToArray();
        var (fillersBelow, pairs, keypoints) = (0L, 0.0, 0L);
        foreach (var tie in ranked.GroupBy(token => token.Weight))
        {
            var keys = tie.Count(token => char.IsAsciiDigit(token.Text[0]));
            var fillers = tie.Count() - keys;
            pairs += keys * (fillersBelow + (fillers / 2.0));
            fillersBelow += fillers;
            keypoints += keys;
        }

        return pairs / (keypoints * (double)fillersBelow);
    }

    private sealed class Into(List<StageProgress>? reports) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => reports?.Add(value);
    }

    private sealed class StopAt(int? step, CancellationTokenSource source) : IProgress<StageProgress>
    {
        private int _reports;

        public bool CountsReports { get; init; }

        public void Report(StageProgress value)
        {
            _reports++;
            if ((CountsReports ? _reports : value.Done) == step)
            {
                source.Cancel();
            }
        }
    }
}

using Kpod.Files;
using Kpod.LanguageModels.Testing;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Testing;
using Kpod.TokenWeighting;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Tests.TokenWeighting;

public sealed class RationaleWeigherTests
{
    private static readonly EncodedRationale[] Rationales = [PlantedRationales.Make("a", "Q wa", "wb 3 wc", "3"), PlantedRationales.Make("b", "Q wa", "2 wd", "2")];

    [Fact]
    public void Uniform_weights_are_1_for_every_token()
    {
        var (weights, diagnosis) = Weigh(new TokenWeightingOptions { Source = TokenWeightSource.Uniform });
        Assert.Null(diagnosis);
        Assert.Equal(["wb", "3", "wc"], weights[0].Tokens.Select(token => token.Text));
        Assert.Equal([0, 3, 5], weights[0].Tokens.Select(token => token.Start));
        Assert.All(weights.SelectMany(rationale => rationale.Tokens), token => Assert.Equal(1, token.Weight));
    }

    [Fact]
    public void Weights_of_a_file_come_back_in_the_order_asked_for()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("weights.jsonl");
        var written = new[] { Line("b", 0.25, 0.5), Line("other", 1), Line("a", 0, 1, 0.125) };
        JsonArtefact.WriteLines(path, written);
        var (weights, diagnosis) = Weigh(new TokenWeightingOptions { Source = TokenWeightSource.File, File = path });
        Assert.Null(diagnosis);
        Assert.Equal(["a", "b"], weights.Select(rationale => rationale.QuestionId));
        Assert.Equal([0, 1, 0.125], weights[0].Tokens.Select(token => token.Weight));
    }

    [Fact]
    public void A_file_that_does_not_fit_is_refused_with_every_fault_named()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("weights.jsonl");
        JsonArtefact.WriteLines(path, [Line("a", 0.5, 0.5)]);
        var error = Assert.Throws<KpodException>(() => Weigh(new TokenWeightingOptions { Source = TokenWeightSource.File, File = path }));
        Assert.StartsWith($"The token weights in {path} do not fit the rationales: 2 faults", error.Message, StringComparison.Ordinal);
        Assert.Contains("a#0 has 2 tokens in the file, but 3 in the student's tokenizer", error.Message, StringComparison.Ordinal);
        Assert.Contains("b#0 is missing; every rationale in use needs a line.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_text_another_place_and_a_weight_out_of_range_are_named()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("weights.jsonl");
        var good = new[] { Line("a", 0, 1, 1), Line("b", 1, 1) };
        foreach (var (token, expected) in new[]
        {
            (new WeightedToken("wz", 0, 2, 1), "a#0, token 0: the file has 'wz' at 0 to 2, the student's tokenizer 'wb' at 0 to 2"),
            (new WeightedToken("wb", 1, 3, 1), "a#0, token 0: the file has 'wb' at 1 to 3, the student's tokenizer 'wb' at 0 to 2"),
            (new WeightedToken("wb", 0, 2, 1.5), "a#0, token 0 ('wb'): its weight is 1.5; it must lie in [0, 1]."),
            (new WeightedToken("wb", 0, 2, double.NaN), "a#0, token 0 ('wb'): its weight is NaN; it must lie in [0, 1]."),
        })
        {
            JsonArtefact.WriteLines(path, [good[0] with { Tokens = [token, .. good[0].Tokens.Skip(1)] }, good[1]]);
            var error = Assert.Throws<KpodException>(() => Weigh(new TokenWeightingOptions { Source = TokenWeightSource.File, File = path }));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }

        JsonArtefact.WriteLines(path, [.. good, good[1]]);
        Assert.Contains("b#0 stands there twice", Assert.Throws<KpodException>(() => Weigh(new TokenWeightingOptions { Source = TokenWeightSource.File, File = path })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_predictor_that_does_not_fit_the_student_is_refused()
    {
        Assert.Contains("tokenWeights.predictor is encoderDecoder", Assert.Throws<KpodException>(() => Weigh(new TokenWeightingOptions { Predictor = AnswerPredictorKind.EncoderDecoder })).Message, StringComparison.Ordinal);
        using var other = TinyModel.Llama(vocabularySize: 40);
        var weigher = new RationaleWeigher(PlantedRationales.Checkpoint(other), new TokenWeightingOptions { PredictorCheckpoint = "folder" }, seed: 1)
        {
            OpenCheckpoint = _ => PlantedRationales.Checkpoint(TinyModel.Llama(vocabularySize: 40)),
        };
        Assert.Contains("no encoder-decoder of the T5 family", Assert.Throws<KpodException>(() => weigher.Weigh(Rationales, cancel: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_learn_from_is_an_error()
    {
        using var model = TinyModel.Llama(vocabularySize: 40);
        var weigher = new RationaleWeigher(PlantedRationales.Checkpoint(model), new TokenWeightingOptions(), seed: 1);
        Assert.StartsWith("There is no rationale to learn token weights from.", Assert.Throws<KpodException>(() => weigher.Weigh([], cancel: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_are_sound_and_every_fault_of_an_option_is_named()
    {
        Assert.Empty(new TokenWeightingOptions().Check());
        var faults = new TokenWeightingOptions
        {
            Source = TokenWeightSource.File,
            Predictor = AnswerPredictorKind.Student,
            PredictorCheckpoint = "folder",
            BatchSize = 0,
            MaximumRationales = 0,
            Temperature = 0,
            MaskRatioWeight = -1,
            SavingMultiple = 0,
            PriceMoves = -1,
            FreeKeepRate = 1,
            HeldOutShare = 0.6,
            SettlingShare = double.NaN,
            BudgetNoiseLow = 5,
            MaskMode = MaskMode.Zero,
        }.Check().ToList();
        string[] expected =
        [
            "source is file", "predictorCheckpoint is folder", "priceMoves is -1", "batchSize is 0", "maximumRationales is 0", "temperature is 0", "savingMultiple is 0", "maskRatioWeight is -1", "settlingShare is NaN", "freeKeepRate is 1", "heldOutShare is 0.6",
            "budgetNoiseLow is 5", "maskMode is zero",
        ];
        Assert.Equal(expected.Length, faults.Count);
        Assert.All(expected.Zip(faults), pair => Assert.StartsWith("tokenWeights." + pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Contains("tokenWeights.wholePredictor is true, but", Assert.Single(new TokenWeightingOptions { WholePredictor = true }.Check()), StringComparison.Ordinal);
        Assert.Contains("give tokenWeights.maskRatioWeight (the paper: 0.5)", Assert.Single(new TokenWeightingOptions { Training = MaskTraining.Joint }.Check()), StringComparison.Ordinal);
        Assert.Empty(new TokenWeightingOptions { Training = MaskTraining.Joint, MaskRatioWeight = 0.5 }.Check());
        Assert.Contains("tokenWeights.file is f, but", Assert.Single(new TokenWeightingOptions { File = "f" }.Check()), StringComparison.Ordinal);
    }

    private static WeighedRationales Weigh(TokenWeightingOptions options)
    {
        using var model = TinyModel.Llama(vocabularySize: 40);
        return new RationaleWeigher(PlantedRationales.Checkpoint(model), options, seed: 1).Weigh(Rationales);
    }

    private static RationaleTokenWeights Line(string id, params double[] weights)
    {
        var rationale = Rationales.SingleOrDefault(candidate => candidate.QuestionId == id) ?? PlantedRationales.Make(id, "Q wa", "wj", "1");
        return new RationaleTokenWeights
        {
            QuestionId = id,
            Sample = 0,
            Tokens = [.. rationale.RationaleTokens.Zip(weights, (token, weight) => new WeightedToken(rationale.Text[token.Start..token.End], token.Start, token.End, weight))],
        };
    }
}

using Kpod.Distillation.Curricula;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.Verification.Recorded;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.Verification.References.Methods;

/// <summary>The curricula that stand in for the progressive schedule: adaptive, self-paced, in-sample.</summary>
internal static class CurriculaReference
{
    /// <summary>Checks the file.</summary>
    public static void Check(MethodQuantities quantities, RecordedValue root, MethodModels models)
    {
        foreach (var recorded in root["acl"]["runs"].Items())
        {
            CheckAdaptive(quantities, recorded);
        }

        foreach (var recorded in root["acl"]["sizes"].Items())
        {
            var pacing = new AdaptivePacing(recorded["T"].Integer(), recorded["p0"].Number());
            quantities.Double("acl: q", [recorded["q"].Number()], [pacing.Growth]);
            quantities.Same("acl: sizes", recorded.Place, recorded["by_epoch"].Integers(), Enumerable.Range(1, recorded["by_epoch"].Items().Count).Select(epoch => pacing.Size(recorded["samples"].Integer(), epoch)));
        }

        CheckPull(quantities, root["acl"]["pull_to_reference"]);
        foreach (var recorded in root["spl"].Items())
        {
            CheckSelfPaced(quantities, recorded, recorded["expected"]);
        }

        CheckInSample(quantities, root["icl"]);
        foreach (var recorded in root["models"].Items())
        {
            CheckModel(quantities, recorded, models);
        }
    }

    private static void CheckAdaptive(MethodQuantities quantities, RecordedValue recorded)
    {
        var pacing = new AdaptivePacing(recorded["T"].Integer(), recorded["p0"].Number());
        quantities.Double("acl: q", [recorded["q"].Number()], [pacing.Growth]);
        var scores = recorded["initial_scores"].Numbers();
        foreach (var epoch in recorded["by_epoch"].Items())
        {
            var number = epoch["epoch"].Integer();
            quantities.Double("acl: scores", epoch["scores"].Numbers(), scores);
            quantities.Double("acl: share", [epoch["share"].Number()], [pacing.Share(number)]);
            quantities.Same("acl: size", epoch.Place, [epoch["size"].Integer()], [pacing.Size(scores.Length, number)]);
            quantities.Same("acl: subset", epoch.Place, epoch["subset"].Integers(), pacing.Subset(scores, number));
            scores = AdaptiveScores.Follow(scores, epoch["losses_after_epoch"].Numbers(), recorded["a"].Number());
            quantities.Double("acl: scores_after_epoch", epoch["scores_after_epoch"].Numbers(), scores);
        }
    }

    private static void CheckPull(MethodQuantities quantities, RecordedValue recorded)
    {
        using var scope = torch.NewDisposeScope();
        var expected = recorded["expected"];
        var current = Table(recorded["current_logits"]).requires_grad_(true);
        var crossEntropy = functional.cross_entropy(current, torch.tensor([.. recorded["labels"].Integers().Select(label => (long)label)]), reduction: Reduction.None);
        var divergences = ReferencePull.Divergences(Table(recorded["reference_logits"]), current);
        var loss = crossEntropy.mean().add(divergences.mean().mul(recorded["gamma"].Number()));
        loss.backward();
        quantities.Double("acl: pull: cross_entropy", expected["cross_entropy"].Numbers(), Numbers(crossEntropy));
        quantities.Double("acl: pull: kl", expected["kl"].Numbers(), Numbers(divergences));
        quantities.Double("acl: pull: loss", [expected["loss"].Number()], Numbers(loss));
        quantities.Double("acl: pull: gradient", [.. expected["gradient"].Items().SelectMany(row => row.Numbers())], Numbers(current.grad!));
    }

    private static void CheckSelfPaced(MethodQuantities quantities, RecordedValue recorded, RecordedValue expected)
    {
        var lengths = recorded["lengths"].Integers();
        double[][][] passes = [.. recorded["log_probabilities"].Items().Select(pass => pass.Items().Select((row, sample) => row.Numbers()[..lengths[sample]]).ToArray())];
        var confidence = SelfPacedConfidence.Of(passes);
        Check("n", [.. expected["n"].Items().SelectMany(pass => Rows(pass))], [.. confidence.Relative.SelectMany(pass => pass.SelectMany(row => row))]);
        Check("token_variance", Rows(expected["token_variance"]), Flat(confidence.TokenVariance));
        Check("token_confidence", Rows(expected["token_confidence"]), Flat(confidence.TokenConfidence));
        Check("sentence_log_probability", Rows(expected["sentence_log_probability"]), Flat(confidence.SentenceLogProbability));
        Check("N", Rows(expected["N"]), Flat(confidence.RelativeSentence));
        Check("sentence_variance", expected["sentence_variance"].Numbers(), confidence.SentenceVariance);
        Check("sentence_confidence", expected["sentence_confidence"].Numbers(), confidence.SentenceConfidence);
        Check("factor", Rows(expected["factor"]), Flat(confidence.Factors));
        Check("normalised_factor", Rows(expected["normalised_factor"]), Flat(confidence.NormalisedFactors));
        double[] weighted = [.. Rows(recorded["token_weights"]).Zip(Rows(recorded["cross_entropy"]), (weight, loss) => weight * loss)];
        Check("loss", [expected["loss"].Number()], [weighted.Zip(Flat(confidence.NormalisedFactors), (loss, factor) => loss * factor).Average()]);
        Check("loss_unnormalised_factors", [expected["loss_unnormalised_factors"].Number()], [weighted.Zip(Flat(confidence.Factors), (loss, factor) => loss * factor).Average()]);
        Check("loss_without_curriculum", [expected["loss_without_curriculum"].Number()], [weighted.Average()]);

        void Check(string name, double[] numbers, double[] computed) => quantities.Double($"spl: {name}", numbers, computed);
    }

    private static void CheckInSample(MethodQuantities quantities, RecordedValue recorded)
    {
        foreach (var schedule in recorded["schedules"].Items())
        {
            var curriculum = new InSampleCurriculum(schedule["T"].Integer());
            quantities.Double("icl: prefix_ratio", schedule["prefix_ratio"].Numbers(), [.. Enumerable.Range(1, schedule["epochs"].Integer()).Select(curriculum.Ratio)]);
        }

        foreach (var length in recorded["prefix_lengths"].Items())
        {
            int[] given = [length["at_060"].Integer(), length["at_030"].Integer(), length["at_000"].Integer()];
            quantities.Same("icl: prefix_lengths", length.Place, given, new[] { 0.6, 0.3, 0 }.Select(ratio => InSampleCurriculum.PrefixLength(ratio, length["label_tokens"].Integer())));
        }

        var samples = recorded["samples_by_epoch"];
        var course = new InSampleCurriculum(samples["T"].Integer());
        foreach (var (row, epoch) in samples["prefix_by_epoch"].Items().Select((row, index) => (row, index + 1)))
        {
            quantities.Same("icl: prefix_by_epoch", row.Place, row.Integers(), samples["label_tokens"].Integers().Select(labels => InSampleCurriculum.PrefixLength(course.Ratio(epoch), labels)));
        }
    }

    private static void CheckModel(MethodQuantities quantities, RecordedValue recorded, MethodModels models)
    {
        var (model, name) = (models.Load(recorded["model"]), $"{recorded["family"].Text()}: ");
        var items = KpodExamples.Read(models.FolderOf(recorded["model"]), model);
        DistillationExample[] whole = [.. items.Select(item => DistillationExample.Make(item.Item, item.Item.TokenWeights, 0))];
        quantities.Loss(name + "acl: loss", recorded["acl"]["loss"].Numbers(), AdaptiveScores.Losses(model, whole));
        foreach (var expected in recorded["icl"].Items())
        {
            CheckShortened(quantities, name + "icl: ", expected, model, [.. whole.Select(example => InSampleCurriculum.Shorten(example, expected["prefix_ratio"].Number()))]);
        }
    }

    private static void CheckShortened(MethodQuantities quantities, string name, RecordedValue expected, ILanguageModel model, DistillationExample[] examples)
    {
        quantities.Same(name + "prefix_lengths", expected.Place, expected["prefix_lengths"].Integers(), examples.Select(example => example.ResponseIds.Length - example.Weights.Length));
        quantities.Same(name + "supervised_mask", expected.Place, expected["supervised_mask"].Items().SelectMany(row => row.Integers()), examples.SelectMany(example => example.Supervised.Select(counts => counts ? 1 : 0)));
        quantities.Same(name + "supervised_tokens", expected.Place, expected["supervised_tokens"].Integers(), examples.Select(example => example.Weights.Length));
        quantities.Loss(name + "weighted_nll_sum", expected["weighted_nll_sum"].Numbers(), KpodExamples.WeightedSums(model, examples));
        quantities.Step(name, expected, "loss", "gradient_norms", model, DistillationLoss.InMicroBatch(model, examples));
    }

    private static torch.Tensor Table(RecordedValue rows) => torch.stack([.. rows.Items().Select(row => torch.tensor(row.Numbers()))]);

    private static double[] Rows(RecordedValue rows) => [.. rows.Items().SelectMany(row => row.Numbers())];

    private static double[] Flat(IEnumerable<double[]> rows) => [.. rows.SelectMany(row => row)];

    private static double[] Numbers(torch.Tensor tensor) => tensor.detach().reshape(-1).data<double>().ToArray();
}

using Kpod.Distillation.Methods.SpecializedKd;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.Verification.Recorded;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.Verification.References.Methods;

/// <summary>Specialized KD: sample matching, distribution matching, both in one optimizer step.</summary>
internal static class SpecializedLossesReference
{
    /// <summary>Checks the file.</summary>
    public static void Check(MethodQuantities quantities, RecordedValue root, MethodModels models)
    {
        foreach (var recorded in root["explicit"].Items())
        {
            CheckExplicit(quantities, recorded);
        }

        foreach (var recorded in root["models"].Items())
        {
            CheckModel(quantities, recorded, models.Load(recorded["model"]));
        }
    }

    private static void CheckExplicit(MethodQuantities quantities, RecordedValue recorded)
    {
        var (divergence, crossEntropy, tokens) = (0.0, 0.0, 0);
        foreach (var row in recorded["rows"].Items())
        {
            using var scope = torch.NewDisposeScope();
            var labels = row["label_ids"].Integers();
            double[][] numbers = [.. row["logits"].Items().Select(position => position.Numbers())];
            var logits = torch.stack([.. numbers.Select(position => torch.tensor(position))]).requires_grad_(true);
            var kl = DistributionMatching.Divergences(logits, Teacher(row["teacher"]));
            var losses = functional.cross_entropy(logits.detach(), torch.tensor([.. labels.Select(label => (long)label)]), reduction: Reduction.None);
            kl.sum().backward();
            quantities.Double("explicit: kl", row["kl"].Numbers(), Numbers(kl));
            quantities.Double("explicit: cross_entropy", row["cross_entropy"].Numbers(), Numbers(losses));
            quantities.Double("explicit: gradient_of_distribution_loss", [.. row["gradient_of_distribution_loss"].Items().SelectMany(position => position.Numbers())], Numbers(logits.grad!.div(recorded["tokens"].Integer())));
            (divergence, crossEntropy, tokens) = (divergence + kl.sum().item<double>(), crossEntropy + losses.sum().item<double>(), tokens + labels.Length);
        }

        quantities.Same("explicit: tokens", recorded.Place, [recorded["tokens"].Integer()], [tokens]);
        quantities.Double("explicit: distribution_loss", [recorded["distribution_loss"].Number()], [divergence / tokens]);
        quantities.Double("explicit: sample_loss", [recorded["sample_loss"].Number()], [crossEntropy / tokens]);
    }

    private static void CheckModel(MethodQuantities quantities, RecordedValue recorded, ILanguageModel model)
    {
        var name = $"{recorded["family"].Text()}: ";
        DistributionExample[] batch = [.. recorded["batch"].Items().Select(row => new DistributionExample(RecordedBatch.Ids(row["input_ids"], model), RecordedBatch.Ids(row["target_ids"], model), Teacher(row["teacher"])))];
        RecordedBatch.Check(quantities, name + "sample_matching: ", recorded["sample_matching"], model, [.. batch.Select((example, index) => RecordedBatch.Whole(example.PromptIds, example.ResponseIds, index))]);
        CheckDistribution(quantities, name + "distribution_matching: ", recorded["distribution_matching"], model, batch);
        var group = recorded["accumulation_group"];
        var answers = group["answer_only"]["batch"].Items().Select((row, index) => RecordedBatch.Whole(RecordedBatch.Ids(row["input_ids"], model), RecordedBatch.Ids(row["target_ids"], model), index)).ToArray();
        RecordedBatch.Check(quantities, name + "answer_only: ", group["answer_only"], model, answers, hasNorms: false);
        quantities.Step(name + "accumulation_group: ", group, "loss", "gradient_norms", model, DistillationLoss.InMicroBatch(model, answers), DistributionMatching.Of(model, batch));
    }

    private static void CheckDistribution(MethodQuantities quantities, string name, RecordedValue expected, ILanguageModel model, DistributionExample[] batch)
    {
        using (torch.no_grad())
        {
            using var scope = torch.NewDisposeScope();
            var all = Numbers(DistributionMatching.Divergences(model, batch));
            quantities.Loss(name + "kl", [.. expected["kl"].Items().SelectMany(row => row.Numbers())], all);
            var start = 0;
            quantities.Loss(name + "kl_sum", expected["kl_sum"].Numbers(), [.. batch.Select(example => all[start..(start += example.ResponseIds.Length)].Sum())]);
        }

        quantities.Same(name + "tokens", expected.Place, expected["tokens"].Integers(), batch.Select(example => example.ResponseIds.Length));
        quantities.Step(name, expected, "loss", "gradient_norms", model, DistributionMatching.Of(model, batch));
    }

    private static TeacherDistribution[] Teacher(RecordedValue recorded) => [.. recorded.Items().Select(position => position.Items() is var pairs
        ? new TeacherDistribution([.. pairs.Select(pair => pair.Items()[0].Integer())], [.. pairs.Select(pair => pair.Items()[1].Number())])
        : throw position.Wrong("is no list"))];

    private static double[] Numbers(torch.Tensor tensor) => tensor.detach().to(torch.ScalarType.Float64).cpu().reshape(-1).data<double>().ToArray();
}

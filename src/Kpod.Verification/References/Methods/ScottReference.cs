using Kpod.Distillation.Methods.Scott;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.RationaleGeneration.Prompts;
using Kpod.Verification.Recorded;
using TorchSharp;

namespace Kpod.Verification.References.Methods;

/// <summary>SCOTT: contrastive decoding, wrong answers, the two losses, the choice among whole texts.</summary>
internal static class ScottReference
{
    /// <summary>Checks the file.</summary>
    public static void Check(MethodQuantities quantities, RecordedValue root, MethodModels models)
    {
        foreach (var recorded in root["steps"].Items())
        {
            CheckStep(quantities, recorded, recorded["expected"]);
        }

        foreach (var recorded in root["wrong_answers"].Items())
        {
            CheckWrongAnswers(quantities, recorded);
        }

        foreach (var recorded in root["models"].Items())
        {
            var model = models.Load(recorded["model"]);
            var name = $"{recorded["family"].Text()}: ";
            foreach (var decode in recorded["decode"].Items())
            {
                CheckDecoding(quantities, name + "decode: ", decode, model);
            }

            CheckLoss(quantities, name, recorded["loss"], model);
            foreach (var rerank in recorded["rerank"].Items())
            {
                CheckRerank(quantities, name + "rerank: ", rerank, model);
            }
        }
    }

    private static void CheckStep(MethodQuantities quantities, RecordedValue recorded, RecordedValue expected)
    {
        using var scope = torch.NewDisposeScope();
        var scores = ContrastiveScore.Of(Row(recorded["given_logits"]), Row(recorded["contrast_logits"]), recorded["lam"].Number(), recorded["temperature"].Number());
        quantities.Double("steps: given_log_probabilities", expected["given_log_probabilities"].Numbers(), Numbers(scores.Given));
        quantities.Double("steps: contrast_log_probabilities", expected["contrast_log_probabilities"].Numbers(), Numbers(scores.Contrast));
        quantities.Double("steps: score", expected["score"].Numbers(), Numbers(scores.Score));
        var step = scores.Steps()[0];
        quantities.Same("steps: plain", recorded.Place, [expected["plain"].Integer()], [step.Plain]);
        quantities.Same("steps: contrastive", recorded.Place, [expected["contrastive"].Integer()], [step.Contrastive]);
        quantities.Same("steps: stops", recorded.Place, [expected["stops"].Flag()], [step.End([recorded["stop_token"].Integer()]) is not null]);
    }

    private static void CheckWrongAnswers(MethodQuantities quantities, RecordedValue recorded)
    {
        var wrong = WrongNumbers.Of(recorded["gold"].Text(), recorded["question"].Text(), recorded["rationale"].Text(), Texts(recorded["other_sampled_answers"])) ?? throw recorded["gold"].Wrong("is no number");
        foreach (var (key, computed) in new[] { ("other_answers", wrong.OtherAnswers), ("question_numbers", wrong.QuestionNumbers), ("intermediate_results", wrong.IntermediateResults), ("neighbours", wrong.Neighbours) })
        {
            quantities.Same($"wrong_answers: {key}", recorded.Place, Texts(recorded["by_source"][key]), computed);
        }

        // Recorded by value; ours stand by source.
        quantities.Same("wrong_answers: candidates", recorded.Place, Texts(recorded["candidates"]).Order(StringComparer.Ordinal), wrong.All.Order(StringComparer.Ordinal));
    }

    private static void CheckDecoding(MethodQuantities quantities, string name, RecordedValue recorded, ILanguageModel model)
    {
        var expected = recorded["expected"];
        var options = new ContrastiveOptions
        {
            Lambda = recorded["lam"].Number(),
            Temperature = recorded["temperature"].Number(),
            MaximumNewTokens = recorded["maximum_new_tokens"].Integer(),
            StopIds = [recorded["stop_token"].Integer()],
        };
        var text = ContrastiveDecoder.Decode(model, [Prompt(recorded, model)], options, CancellationToken.None)[0];
        var steps = expected["steps"].Items();
        quantities.Same(name + "new_ids", recorded.Place, expected["new_ids"].Integers(), text.Ids);
        quantities.Same(name + "ended_by", recorded.Place, expected["ended_by"].Text(), Words(text.End));
        quantities.Same(name + "plain", recorded.Place, steps.Select(step => step["plain"].Integer()), text.Steps.Select(step => step.Plain));
        quantities.Same(name + "contrastive", recorded.Place, steps.Select(step => step["contrastive"].Integer()), text.Steps.Select(step => step.Contrastive));
        foreach (var (key, of) in new (string, Func<ContrastiveStep, double>)[]
        {
            ("log_p_given", step => step.GivenLogProbability), ("log_p_contrast", step => step.ContrastLogProbability), ("score", step => step.Score), ("score_gap", step => step.Lead), ("plain_gap", step => step.PlainLead),
        })
        {
            quantities.TokenLosses(name + key, [.. steps.Select(step => step[key].Number())], [.. text.Steps.Select(of)]);
        }
    }

    private static void CheckLoss(MethodQuantities quantities, string name, RecordedValue recorded, ILanguageModel model)
    {
        var loss = new ScottLoss(recorded["alpha"].Number());
        var (factual, counterfactual) = (Examples("factual", ScottExample.Factual), Examples("counterfactual", ScottExample.Counterfactual));
        CheckKind("factual", factual);
        CheckKind("counterfactual", counterfactual);
        quantities.Step(name, recorded, "total", "gradient_norms", model, loss.Factual(model, factual), loss.Counterfactual(model, counterfactual));

        DistillationExample[] Examples(string key, Func<RationaleGeneration.Rationales.EncodedRationale, DistillationExample> make) => [.. recorded[key]["batch"].Items().Select((row, index) =>
        {
            int[] written = [.. RecordedBatch.Ids(row["tag_ids"], model), .. RecordedBatch.Ids(row["rationale_ids"], model)];
            var connector = RecordedBatch.Ids(row["connector_ids"], model);
            int[] segment = [.. connector, .. RecordedBatch.Ids(row["answer_ids"], model), RecordedBatch.Ids(row["response_ids"], model)[^1]];
            return make(RecordedBatch.Rationale(RecordedBatch.Ids(row["prompt_ids"], model), written, segment, connector.Length, index));
        })];

        void CheckKind(string key, DistillationExample[] examples)
        {
            var (expected, rows) = (recorded[key], recorded[key]["batch"].Items());
            quantities.Same($"{name}{key}: response_ids", expected.Place, rows.SelectMany(row => row["response_ids"].Integers()), examples.SelectMany(example => example.ResponseIds));
            quantities.Same($"{name}{key}: labels", expected.Place, rows.SelectMany(row => row["labels"].Integers()), examples.SelectMany(example => example.ResponseIds.Zip(example.Supervised, (id, counts) => counts ? id : -100)));
            quantities.Same($"{name}{key}: mask", expected.Place, expected["mask"].Items().SelectMany(row => row.Integers()), examples.SelectMany(example => example.Supervised.Select(counts => counts ? 1 : 0)));
            var whole = examples.Select((example, index) => RecordedBatch.Whole(example.PromptIds, example.ResponseIds, index)).ToArray();
            quantities.TokenLosses($"{name}{key}: nll", [.. expected["nll"].Items().SelectMany(row => row.Numbers())], [.. MethodQuantities.TokenLossesOf(model, DistillationLoss.Batch(whole)).SelectMany(row => row)]);
            quantities.Loss($"{name}{key}: nll_sum", expected["nll_sum"].Numbers(), [.. MethodQuantities.TokenLossesOf(model, DistillationLoss.Batch(examples)).Select(row => row.Sum())]);
            quantities.Same($"{name}{key}: tokens", expected.Place, expected["tokens"].Integers(), examples.Select(example => example.Weights.Length));
            quantities.Step($"{name}{key}: ", expected, "loss", "gradient_norms", model, DistillationLoss.InMicroBatch(model, examples));
        }
    }

    private static void CheckRerank(MethodQuantities quantities, string name, RecordedValue recorded, ILanguageModel model)
    {
        var (expected, lambda) = (recorded["expected"], recorded["lam"].Number());
        int[][] candidates = [.. recorded["candidates"].Items().Select(candidate => RecordedBatch.Ids(candidate, model))];
        var rerank = ContrastiveRerank.Of(model, Prompt(recorded, model), candidates, lambda);
        quantities.TokenLosses(name + "given_log_probabilities", [.. expected["given_log_probabilities"].Items().SelectMany(row => row.Numbers())], [.. rerank.Given.SelectMany(row => row)]);
        quantities.TokenLosses(name + "contrast_log_probabilities", [.. expected["contrast_log_probabilities"].Items().SelectMany(row => row.Numbers())], [.. rerank.Contrast.SelectMany(row => row)]);
        quantities.Loss(name + "sum", expected["sum"].Numbers(), [.. rerank.Scores.Zip(candidates, (score, candidate) => score * candidate.Length)]);
        quantities.Loss(name + "score", expected["score"].Numbers(), [.. rerank.Scores]);
        quantities.Same(name + "chosen", recorded.Place, [expected["chosen"].Integer()], [rerank.Chosen]);
    }

    private static ContrastivePrompt Prompt(RecordedValue recorded, ILanguageModel model) => new(RecordedBatch.Ids(recorded["given_prompt_ids"], model), RecordedBatch.Ids(recorded["contrast_prompt_ids"], model));

    private static string Words(ContrastiveEnd end) => end switch
    {
        ContrastiveEnd.PlainStop => "plain argmax is the stop token",
        ContrastiveEnd.ContrastiveStop => "contrastive argmax is the stop token",
        _ => "limit",
    };

    private static string[] Texts(RecordedValue list) => [.. list.Items().Select(item => item.Text())];

    private static torch.Tensor Row(RecordedValue logits) => torch.tensor(logits.Numbers()).unsqueeze(0);

    private static double[] Numbers(torch.Tensor tensor) => tensor.reshape(-1).data<double>().ToArray();
}

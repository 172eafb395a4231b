using System.Globalization;
using Kpod.Distillation.Methods.MccKd;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Quality;
using Kpod.Verification.Recorded;
using TorchSharp;

namespace Kpod.Verification.References.Methods;

/// <summary>MCC-KD: the choice of unlike rationales, the answer's place, the loss with gradient through both passes.</summary>
internal static class MccKdReference
{
    /// <summary>Checks the file.</summary>
    public static void Check(MethodQuantities quantities, RecordedValue root, MethodModels models)
    {
        foreach (var recorded in root["selection"].Items())
        {
            CheckSelection(quantities, recorded, root["ngram"].Integer());
        }

        foreach (var recorded in root["models"].Items())
        {
            foreach (var loss in recorded["loss"].Items())
            {
                CheckLoss(quantities, $"{recorded["family"].Text()}: ", loss, models.Load(recorded["model"]));
            }
        }
    }

    private static void CheckSelection(MethodQuantities quantities, RecordedValue recorded, int size)
    {
        WordGrams[] texts = [.. recorded["texts"].Items().Select(text => new WordGrams(text.Text(), size))];
        quantities.Same("selection: words", recorded.Place, Lines(recorded["words"].Items().Select(words => string.Join(' ', words.Items().Select(word => word.Text())))), Lines(texts.Select(text => string.Join(' ', text.Words))));
        quantities.Same("selection: gram_counts", recorded.Place, recorded["gram_counts"].Integers(), texts.Select(text => text.Count));
        quantities.Same("selection: intersection", recorded.Place, Integers("intersection"), Pairs((one, other) => one.InCommon(other)));
        quantities.Same("selection: union", recorded.Place, Integers("union"), Pairs((one, other) => one.Count + other.Count - one.InCommon(other)));
        quantities.Double("selection: jaccard", [.. recorded["jaccard"].Items().SelectMany(row => row.Numbers())], [.. Pairs((one, other) => one.Overlap(other))]);
        var order = DiverseSelection.Order(texts);
        foreach (var selected in recorded["selected"].Element.EnumerateObject())
        {
            var count = int.Parse(selected.Name, CultureInfo.InvariantCulture);
            quantities.Same("selection: selected", recorded["selected"][selected.Name].Place, recorded["selected"][selected.Name].Integers(), order.Take(count));
        }

        IEnumerable<int> Integers(string key) => recorded[key].Items().SelectMany(row => row.Integers());

        IEnumerable<T> Pairs<T>(Func<WordGrams, WordGrams, T> of) => texts.SelectMany(one => texts.Select(other => of(one, other)));
    }

    private static void CheckLoss(MethodQuantities quantities, string name, RecordedValue recorded, ILanguageModel model)
    {
        var (expected, loss) = (recorded["expected"], new MccKdLoss(recorded["alpha"].Number(), recorded["temperature"].Number()));
        var pairs = recorded["pairs"].Items().Select((pair, index) => Pair(quantities, name, pair, model, index)).ToArray();
        CheckForward(quantities, name, expected, model, loss, pairs);
        var whole = loss.Of(model, pairs);
        quantities.Step(name, expected, "total", "gradient_norms", model, whole);
        quantities.Norms(name + "ce_gradient_norms", expected["ce_gradient_norms"], model, (loss with { Alpha = 0 }).Of(model, pairs));
        if (pairs.Any(pair => pair.HasCommonAnswer))
        {
            // Of the three means the third alone, with the factor 1.
            var alone = new MicroBatchLoss(whole.SupervisedTokens, [whole.Means[2] with { Factor = 1 }], () => [(loss with { Alpha = 1 }).Of(model, pairs).Sums()[2]]);
            quantities.Norms(name + "kl_gradient_norms", expected["kl_gradient_norms"], model, alone);
        }
    }

    private static ResponsePair Pair(MethodQuantities quantities, string name, RecordedValue recorded, ILanguageModel model, int index)
    {
        var prompt = RecordedBatch.Ids(recorded["prompt_ids"], model);
        var (first, firstSpan) = Response("a");
        var (second, secondSpan) = Response("b");
        var pair = new ResponsePair { PromptIds = prompt, First = first, Second = second, FirstSpan = firstSpan, SecondSpan = secondSpan };
        quantities.Same(name + "kl_used", recorded.Place, [recorded["kl_used"].Flag()], [pair.HasCommonAnswer]);
        return pair;

        (int[] Ids, AnswerSpan Span) Response(string side)
        {
            // The rationale ends where the answer begins, and the end token follows it.
            var ids = RecordedBatch.Ids(recorded[$"response_{side}_ids"], model);
            var answer = RecordedBatch.Ids(recorded[$"answer_{side}_ids"], model);
            var rationale = RecordedBatch.Rationale(prompt, ids[..(ids.Length - answer.Length - 1)], [.. answer, ids[^1]], 0, index);
            var span = AnswerSpan.Of(rationale);
            quantities.Same(name + "response", recorded.Place, ids, rationale.ResponseIds());
            quantities.Same(name + "span", recorded.Place, recorded[$"span_{side}"].Integers(), [span.Start, span.End]);
            if (model.IsCausal)
            {
                quantities.Same(name + "span_in_sequence", recorded.Place, recorded[$"span_{side}_in_sequence"].Integers(), [prompt.Length + span.Start, prompt.Length + span.End]);
            }

            return (ids, span);
        }
    }

    private static void CheckForward(MethodQuantities quantities, string name, RecordedValue expected, ILanguageModel model, MccKdLoss loss, ResponsePair[] pairs)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var batch = MccKdLoss.Batch(pairs);
        var losses = MethodQuantities.TokenLossesOf(model, batch);
        double[] first = [.. losses.Take(pairs.Length).SelectMany(row => row)];
        double[] second = [.. losses.Skip(pairs.Length).SelectMany(row => row)];
        quantities.TokenLosses(name + "nll_a", [.. expected["nll_a"].Items().SelectMany(row => row.Numbers())], first);
        quantities.TokenLosses(name + "nll_b", [.. expected["nll_b"].Items().SelectMany(row => row.Numbers())], second);
        quantities.Loss(name + "ce_a", [expected["ce_a"].Number()], [first.Average()]);
        quantities.Loss(name + "ce_b", [expected["ce_b"].Number()], [second.Average()]);
        var used = Enumerable.Range(0, pairs.Length).Where(index => pairs[index].HasCommonAnswer).ToArray();
        quantities.Same(name + "kl_pairs", expected.Place, expected["kl_pairs"].Integers(), used);
        if (used.Length == 0)
        {
            return;
        }

        var divergence = loss.Divergence(model, model.PredictingStates(batch), pairs);
        var (toSecond, toFirst) = (Numbers(divergence.FirstToSecond), Numbers(divergence.SecondToFirst));
        quantities.Loss(name + "kl_a_to_b", [.. expected["kl_a_to_b"].Items().SelectMany(row => row.Numbers())], toSecond);
        quantities.Loss(name + "kl_b_to_a", [.. expected["kl_b_to_a"].Items().SelectMany(row => row.Numbers())], toFirst);
        int[] lengths = [.. used.Select(index => pairs[index].FirstSpan.Length)];
        quantities.Loss(name + "kl_of_pair", expected["kl_of_pair"].Numbers(), [.. lengths.Select((length, place) => Half(toSecond, toFirst, lengths[..place].Sum(), length))]);
        quantities.Loss(name + "kl", [expected["kl"].Number()], [Numbers(divergence.Sum(lengths))[0] / used.Length]);
        CheckLogits(quantities, name, expected, model, batch, pairs);
    }

    // Recorded for one of the cases: the logits that predict the span.
    private static void CheckLogits(MethodQuantities quantities, string name, RecordedValue expected, ILanguageModel model, TeacherForcedBatch batch, ResponsePair[] pairs)
    {
        if (!expected.Has("span_logits_a"))
        {
            return;
        }

        var used = pairs.Where(pair => pair.HasCommonAnswer).ToArray();
        foreach (var (key, start, span) in new (string, int, Func<ResponsePair, AnswerSpan>)[] { ("span_logits_a", 0, pair => pair.FirstSpan), ("span_logits_b", pairs.Length, pair => pair.SecondSpan) })
        {
            bool[][] onlySpans = [.. batch.Supervised.Select((mask, row) => mask.Select((_, token) => row >= start && row < start + pairs.Length && pairs[row - start].HasCommonAnswer
                && token >= span(pairs[row - start]).Start && token < span(pairs[row - start]).End).ToArray())];
            var logits = model.Logits(model.PredictingStates(new TeacherForcedBatch(batch.Prompts, batch.Responses, onlySpans)));
            quantities.TokenLosses(name + key, [.. expected[key].Items().SelectMany(pair => pair.Items()).SelectMany(position => position.Numbers())], Numbers(logits));
        }
    }

    private static double Half(double[] toSecond, double[] toFirst, int start, int length) => (toSecond[start..(start + length)].Average() + toFirst[start..(start + length)].Average()) / 2;

    private static double[] Numbers(torch.Tensor tensor) => tensor.detach().to(torch.ScalarType.Float64).cpu().reshape(-1).data<double>().ToArray();

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}

using Kpod.Distillation.Methods.PlainCot;
using Kpod.Distillation.Methods.SymbolicCot;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.RationaleGeneration.Prompts;
using Kpod.Verification.Recorded;

namespace Kpod.Verification.References.Methods;

/// <summary>SCoTD: which chains are learned in which variant, their texts, and the loss.</summary>
internal static class SymbolicCotReference
{
    private static readonly (string Key, SamplingVariant Variant)[] Lists =
    [
        ("no_filter", SamplingVariant.NoFilter),
        ("all_correct_paths", SamplingVariant.AllCorrectPaths),
        ("one_correct_path", SamplingVariant.OneCorrectPath),
        ("answer_only", SamplingVariant.AnswerOnly),
    ];

    /// <summary>Checks the file.</summary>
    public static void Check(MethodQuantities quantities, RecordedValue root, MethodModels models)
    {
        var data = root["data"].Items();
        bool[][] correct = [.. data.Select(question => question["chains"].Items().Select(chain => chain["correct"].Flag()).ToArray())];
        foreach (var (key, variant) in Lists)
        {
            var recorded = root["variants"][key].Items();
            quantities.Same($"variants.{key}", recorded.Count > 0 ? recorded[0].Place : root.Place, Lines(recorded.Select(Recorded)), Lines(ChainSampling.Slots(correct, variant).Select(slot => Computed(data, slot))));
        }

        CheckBalanced(quantities, root["variants"]["all_correct_paths_balanced"], ChainSampling.Slots(correct, SamplingVariant.AllCorrectPathsBalanced));
        foreach (var model in root["models"].Items())
        {
            CheckModel(quantities, model, models.Load(model["model"]));
        }
    }

    private static void CheckBalanced(MethodQuantities quantities, RecordedValue recorded, IReadOnlyList<ChainSlot> slots)
    {
        quantities.Same(
            "balanced: slots",
            recorded.Place,
            Lines(recorded["slots"].Items().Select(slot => $"{slot["question"].Integer()}: {string.Join(' ', slot["candidates"].Integers())}")),
            Lines(slots.Select(slot => $"{slot.Question}: {string.Join(' ', slot.Candidates)}")));
        foreach (var epoch in recorded["epochs"].Items())
        {
            var chosen = epoch["visit_order"].Integers().Zip(epoch["pick"].Integers(), (question, pick) =>
                slots.FirstOrDefault(slot => slot.Question == question) is { } slot && pick >= 0 && pick < slot.Candidates.Count ? $"{question} {slot.Candidates[pick]}" : throw epoch.Wrong($"picks chain {pick} of question {question}, which has no such candidate"));
            quantities.Same("balanced: epochs", epoch.Place, Lines(epoch["examples"].Items().Select(example => $"{example["question"].Integer()} {example["chain"].Integer()}")), Lines(chosen));
        }
    }

    private static void CheckModel(MethodQuantities quantities, RecordedValue recorded, ILanguageModel model)
    {
        var rationales = recorded["batch"].Items().Select((row, index) => RecordedBatch.Rationale(
            RecordedBatch.Ids(row["prompt_ids"], model), RecordedBatch.Ids(row["rationale_ids"], model), RecordedBatch.Ids(row["answer_ids"], model), 0, index)).ToArray();
        var method = new PlainCotMethod();
        var name = $"{recorded["family"].Text()}: ";
        RecordedBatch.Check(quantities, name, recorded["expected"], model, [.. rationales.Select(rationale => method.Visit(new DistillationItem(rationale, [], [rationale.RationaleTokens.Length], 0), 1))]);
        RecordedBatch.Check(quantities, name + "answer_only: ", recorded["answer_only"], model, [.. rationales.Select(ChainSampling.WithoutRationale).Select(rationale => method.Visit(new DistillationItem(rationale, [], [0], 0), 1))]);
    }

    private static string Recorded(RecordedValue example) => $"{example["question"].Integer()} {example.Find("chain")?.Integer()}: {example["text"].Text()}";

    private static string Computed(IReadOnlyList<RecordedValue> data, ChainSlot slot)
    {
        var question = data[slot.Question];
        int? chain = slot.Candidates.Count == 0 ? null : slot.Candidates[0];

        // The recorded phrase has no full stop; which one is used is the recipe's business.
        var prompt = $"Q: {question["question"].Text()} A: {CotPrompt.Trigger.TrimEnd('.')}";
        return $"{slot.Question} {chain}: {ChainSampling.Text(prompt, chain is { } index ? question["chains"].Items()[index]["text"].Text() : null, question["gold"].Text())}";
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}

using Kpod.Distillation.Methods.SpecializedKd;
using Kpod.Verification.Recorded;

namespace Kpod.Verification.References.Methods;

/// <summary>Specialized KD: texts of the four formats, their micro-batches, demonstrations that are too long.</summary>
internal static class SpecializedTextsReference
{
    private static readonly (string Key, SpecializedFormat Format)[] Formats =
    [
        ("zero_shot_answer_only", SpecializedFormat.ZeroShotAnswerOnly),
        ("zero_shot_cot", SpecializedFormat.ZeroShotCot),
        ("in_context_answer_only", SpecializedFormat.InContextAnswerOnly),
        ("in_context_cot", SpecializedFormat.InContextCot),
    ];

    /// <summary>Checks the file.</summary>
    public static void Check(MethodQuantities quantities, RecordedValue root, MethodModels models)
    {
        CheckExamples(quantities, root);
        foreach (var recorded in root["micro_batches"].Items())
        {
            CheckMicroBatches(quantities, recorded);
        }

        foreach (var recorded in root["too_long"].Items())
        {
            var (lengths, question) = (recorded["demonstration_tokens"].Integers(), recorded["question_tokens"].Integer());
            var kept = SpecializedExamples.Fitting(lengths, question, recorded["maximum"].Integer());
            quantities.Same("too_long", recorded.Place, [.. recorded["kept"].Integers(), recorded["total"].Integer()], [.. kept, question + kept.Sum(index => lengths[index])]);
        }
    }

    private static void CheckExamples(MethodQuantities quantities, RecordedValue root)
    {
        var questions = root["questions"].Items();
        Demonstration[] train = [.. root["train"].Items().Select(item => new Demonstration(item["question"].Text(), item["gold"].Text(), item["solution"].Text()))];
        SpecializedQuestion[] own = [.. questions.Select(question => new SpecializedQuestion(
            question["train_index"].Integer(),
            train[question["train_index"].Integer()].Question,
            [.. question["chains"].Items().Select(chain => (chain["text"].Text(), chain["correct"].Flag()))]))];
        foreach (var (key, format) in Formats)
        {
            var recorded = root["examples"][key].Items();
            var drawn = recorded.ToLookup(example => (example["question"].Integer(), example["chain"].Integer()), example => example.Find("demonstrations")?.Integers() ?? []);
            var computed = SpecializedExamples.Of(format, own, train, (_, question, chain) => drawn[(question, chain)].FirstOrDefault() ?? []);
            quantities.Same($"examples.{key}", root["examples"].Place, Lines(recorded.Select(example =>
                $"{example["question"].Integer()} {example["chain"].Integer()}|{example["input"].Text()}|{example["target"].Text()}")), Lines(computed.Select(example => $"{example.Question} {example.Chain}|{example.Input}|{example.Target}")));
        }
    }

    private static void CheckMicroBatches(MethodQuantities quantities, RecordedValue recorded)
    {
        var (sizes, counts, accumulation) = (recorded["micro_batch_sizes"], recorded["examples"], recorded["accumulation"].Integer());
        FormatGroup[] groups = [.. recorded["groups"].Items().Select(group => new FormatGroup(FormatOf(group["format"]), [.. group["micro_batches"].Items().Select(batch => batch.Integers())]))];
        foreach (var (key, format) in Formats)
        {
            var cut = FormatMicroBatches.Cut(format, counts[key].Integer(), sizes[key].Integer(), accumulation);
            quantities.Same("micro_batches: groups", recorded.Place, Lines(groups.Where(group => group.Format == format).Select(Text)), Lines(cut.Select(Text)));
            var used = cut.SelectMany(group => group.MicroBatches.SelectMany(batch => batch)).ToHashSet();
            quantities.Same("micro_batches: dropped", recorded.Place, recorded["dropped"][key].Integers(), Enumerable.Range(0, counts[key].Integer()).Where(index => !used.Contains(index)));
        }

        CheckOrder("fully_random", FormatMicroBatches.FullyRandom);
        CheckOrder("same_question", FormatMicroBatches.GroupsTogether);

        void CheckOrder(string key, Func<IReadOnlyList<FormatGroup>, IReadOnlyList<int>, IReadOnlyList<(SpecializedFormat Format, int[] Examples)>> order) => quantities.Same(
            $"micro_batches: {key}",
            recorded[key].Place,
            Lines(recorded[key]["order"].Items().Select(batch => Batch(FormatOf(batch["format"]), batch["examples"].Integers()))),
            Lines(order(groups, recorded[key]["permutation"].Integers()).Select(batch => Batch(batch.Format, batch.Examples))));
    }

    private static SpecializedFormat FormatOf(RecordedValue name) =>
        Array.FindIndex(Formats, format => format.Key == name.Text()) is var index and >= 0 ? Formats[index].Format : throw name.Wrong($"is '{name.Text()}', which is none of the four formats");

    private static string Text(FormatGroup group) => string.Join(" | ", group.MicroBatches.Select(batch => Batch(group.Format, batch)));

    private static string Batch(SpecializedFormat format, int[] examples) => $"{format} {string.Join(' ', examples)}";

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}

using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Tokenizers.Tokens;
using Kpod.Verification.Recorded;

namespace Kpod.Verification.References.Methods;

/// <summary>Examples that are recorded as ids.</summary>
internal static class RecordedBatch
{
    /// <summary>Reads ids and checks them against the vocabulary.</summary>
    public static int[] Ids(RecordedValue list, ILanguageModel model) =>
        [.. list.Items().Select(item => item.Integer() is var id && id >= 0 && id < model.VocabularySize ? id : throw item.Wrong(FormattableString.Invariant($"is {id}; it must be a token id from 0 to {model.VocabularySize - 1}")))];

    /// <summary>A rationale that has ids alone; its text stands for them, one sign a token.</summary>
    public static EncodedRationale Rationale(int[] prompt, int[] rationale, int[] answer, int valueStart, int index) => new()
    {
        QuestionId = FormattableString.Invariant($"[{index}]"),
        Sample = 0,
        QuestionText = string.Empty,
        Text = new string('x', rationale.Length),
        PromptIds = prompt,
        RationaleTokens = [.. rationale.Select((id, place) => new Token(id, place, place + 1))],
        AnswerIds = answer,
        AnswerValueStart = valueStart,
        AnswerValueEnd = answer.Length - 1,
    };

    /// <summary>An example whose whole response is learned, every token alike.</summary>
    public static DistillationExample Whole(int[] prompt, int[] response, int index) => new()
    {
        Key = FormattableString.Invariant($"[{index}]"),
        PromptIds = prompt,
        ResponseIds = response,
        Supervised = [.. response.Select(_ => true)],
        Weights = [.. response.Select(_ => 1f)],
        GivenSteps = 0,
    };

    /// <summary>Token losses, sums, counts, loss and gradient norms of a batch that is learned whole.</summary>
    public static void Check(MethodQuantities quantities, string name, RecordedValue expected, ILanguageModel model, IReadOnlyList<DistillationExample> examples, bool hasNorms = true)
    {
        var losses = MethodQuantities.TokenLossesOf(model, DistillationLoss.Batch(examples));
        quantities.TokenLosses(name + "nll", [.. expected["nll"].Items().SelectMany(row => row.Numbers())], [.. losses.SelectMany(row => row)]);
        quantities.Loss(name + "nll_sum", expected["nll_sum"].Numbers(), [.. losses.Select(row => row.Sum())]);
        quantities.Same(name + "tokens", expected.Place, expected["tokens"].Integers(), examples.Select(example => example.Weights.Length));
        if (hasNorms)
        {
            quantities.Step(name, expected, "loss", "gradient_norms", model, DistillationLoss.InMicroBatch(model, examples));
        }
        else
        {
            quantities.Loss(name + "loss", [expected["loss"].Number()], [losses.SelectMany(row => row).Average()]);
        }
    }
}

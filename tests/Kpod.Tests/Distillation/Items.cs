using Kpod.Distillation.Visits;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tests.Distillation;

/// <summary>Made-up rationales for the tests of this folder.</summary>
internal static class Items
{
    public static DistillationItem Make(string question, int sample, int[] rationale, int[] stepEnds, double[]? weights = null, int scheduleIndex = 0, int[]? prompt = null) => new(
        new EncodedRationale
        {
            QuestionId = question,
            Sample = sample,
            QuestionText = "text",
            Text = new string('x', rationale.Length),
            PromptIds = prompt ?? [1, 2],
            RationaleTokens = [.. rationale.Select((id, index) => new Token(id, index, index + 1))],
            AnswerIds = [90, 91, 2],
            AnswerValueStart = 1,
            AnswerValueEnd = 2,
        },
        weights ?? [.. rationale.Select((_, index) => 0.1 * (index + 1))],
        stepEnds,
        scheduleIndex);
}

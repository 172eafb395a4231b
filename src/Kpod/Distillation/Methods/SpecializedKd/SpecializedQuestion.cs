namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>A question with its teacher's chains.</summary>
/// <param name="TrainIndex">Its index among the questions that demonstrations are drawn from.</param>
/// <param name="Text">The question.</param>
/// <param name="Chains">Its chains, and whether each is correct; wrong ones are not used.</param>
internal sealed record SpecializedQuestion(int TrainIndex, string Text, IReadOnlyList<(string Text, bool IsCorrect)> Chains);

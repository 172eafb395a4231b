namespace Kpod.Distillation.Methods.Scott;

/// <summary>What the two streams of contrastive decoding read: the same question, told two answers.</summary>
/// <param name="Given">Token ids with the answer to justify.</param>
/// <param name="Contrast">Token ids with the other answer, or none.</param>
internal sealed record ContrastivePrompt(int[] Given, int[] Contrast);

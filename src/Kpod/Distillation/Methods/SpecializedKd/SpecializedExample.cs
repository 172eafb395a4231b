namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>One example of one format.</summary>
/// <param name="Format">The format.</param>
/// <param name="Question">Index of the question.</param>
/// <param name="Chain">Index of the chain among those of the question.</param>
/// <param name="Demonstrations">Training questions that stand in front, in order; empty in the zero-shot formats.</param>
/// <param name="Input">What the student reads.</param>
/// <param name="Target">What it learns to write.</param>
internal sealed record SpecializedExample(SpecializedFormat Format, int Question, int Chain, IReadOnlyList<int> Demonstrations, string Input, string Target);

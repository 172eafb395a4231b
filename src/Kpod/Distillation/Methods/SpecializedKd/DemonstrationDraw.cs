namespace Kpod.Distillation.Methods.SpecializedKd;

/// <summary>Chooses the demonstrations of an example.</summary>
/// <param name="format">The format.</param>
/// <param name="question">The question's index.</param>
/// <param name="chain">The chain's index.</param>
/// <returns>Indices of training questions, none of them the question itself.</returns>
internal delegate IReadOnlyList<int> DemonstrationDraw(SpecializedFormat format, int question, int chain);

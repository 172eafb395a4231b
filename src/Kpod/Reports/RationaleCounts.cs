namespace Kpod.Reports;

/// <summary>How many rationales there were and what became of them.</summary>
/// <param name="Questions">Training questions.</param>
/// <param name="CoveredQuestions">Those with at least one kept rationale.</param>
/// <param name="Kept">Rationales that are trained on.</param>
/// <param name="Dropped">Rationales left out, by reason.</param>
public sealed record RationaleCounts(int Questions, int CoveredQuestions, int Kept, IReadOnlyList<DroppedRationales> Dropped);

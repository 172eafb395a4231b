namespace Kpod.ProgressiveSchedule;

/// <summary>The order in which a selection visits the rationales; it decides ties, so chance belongs here and nowhere else in the planning.</summary>
/// <param name="stage">t; 0 for the repeated selection that finds c(0).</param>
/// <param name="round">Number of the selection within the stage, from 0; only stage 0 has more than one.</param>
/// <returns>A permutation of all rationales; those that may not be selected are passed over.</returns>
internal delegate IReadOnlyList<int> VisitOrder(int stage, int round);

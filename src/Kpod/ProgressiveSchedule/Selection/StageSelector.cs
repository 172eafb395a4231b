namespace Kpod.ProgressiveSchedule.Selection;

/// <summary>What solves the selection of a stage (Eq. 13).</summary>
public enum StageSelector
{
    /// <summary>FTGP, as in the paper: at least 1/2 - epsilon of the best value.</summary>
    Ftgp,

    /// <summary>Always the rationale with the largest gain per cost; no guarantee, but a check on the other.</summary>
    DensityGreedy,
}

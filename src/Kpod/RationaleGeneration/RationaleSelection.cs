namespace Kpod.RationaleGeneration;

/// <summary>Which rationales pass the gold filter.</summary>
public enum RationaleSelection
{
    /// <summary>Those whose extracted answer equals the gold one.</summary>
    CorrectOnly,

    /// <summary>All, whatever their answer; the gold answer stands behind them nevertheless.</summary>
    KeepAll,
}

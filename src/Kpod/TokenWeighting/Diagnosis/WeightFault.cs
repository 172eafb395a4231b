namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>Why learned token weights are of no use.</summary>
public enum WeightFault
{
    /// <summary>Nearly every token is kept.</summary>
    KeepsAll,

    /// <summary>Nearly every token is masked.</summary>
    KeepsNone,

    /// <summary>The weights hardly differ between tokens.</summary>
    NoSpread,

    /// <summary>The kept tokens tell the predictor no more than none.</summary>
    TellsNothing,

    /// <summary>The kept tokens tell the predictor no more than as many chosen by chance.</summary>
    NoBetterThanChance,
}

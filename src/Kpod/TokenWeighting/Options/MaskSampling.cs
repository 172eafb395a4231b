namespace Kpod.TokenWeighting.Options;

/// <summary>The form of the mask m that the predictor sees (Eq. 4).</summary>
public enum MaskSampling
{
    /// <summary>The binary concrete variable itself, in (0, 1).</summary>
    Soft,

    /// <summary>0 or 1 forward, the gradient of the soft sample backward: the letter of Eq. 4. Collapsed in every measured run (methods.md (g)7).</summary>
    HardStraightThrough,
}

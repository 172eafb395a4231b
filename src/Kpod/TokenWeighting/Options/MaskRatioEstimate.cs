namespace Kpod.TokenWeighting.Options;

/// <summary>How the mask ratio loss is computed (Eq. 6).</summary>
public enum MaskRatioEstimate
{
    /// <summary>From its expectation w; the same mean, less noise.</summary>
    Expected,

    /// <summary>From the sampled mask m, as Eq. 6 is written.</summary>
    Sample,
}

namespace Kpod.TokenWeighting.Options;

/// <summary>Where the token weights come from.</summary>
public enum TokenWeightSource
{
    /// <summary>Learned by the rationale token weighting of the paper (Eq. 2 to 7).</summary>
    Learned,

    /// <summary>Every token weighs 1: no weighting.</summary>
    Uniform,

    /// <summary>Read from a file in the artefact's own format.</summary>
    File,
}

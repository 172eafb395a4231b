namespace Kpod.TokenWeighting.Options;

/// <summary>What stands in the place of a masked token.</summary>
public enum MaskMode
{
    /// <summary>A learned vector: x = m E(r) + (1 - m) v.</summary>
    Placeholder,

    /// <summary>Nothing: x = m E(r). Only with hard samples, because a norm in front of the first layer undoes any factor above 0.</summary>
    Zero,
}

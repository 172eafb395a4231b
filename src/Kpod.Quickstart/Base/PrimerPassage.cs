namespace Kpod.Quickstart.Base;

/// <summary>A short text that a base is pre-trained on: an encoder-decoder reads the first part and writes the second, a causal model learns the whole.</summary>
/// <param name="Given">What is read; ends without a space.</param>
/// <param name="Written">What is written behind it; starts without a space.</param>
internal sealed record PrimerPassage(string Given, string Written)
{
    /// <summary>What leads over to <see cref="Written"/> where one model reads both; ends with a space.</summary>
    public string Link { get; init; } = " ";

    /// <summary>From which character on <see cref="Given"/> may have holes.</summary>
    public int HolesFrom { get; init; }

    /// <summary>Share of the tokens from there on that are holes, in [0, 1].</summary>
    public double HoleShare { get; init; }
}

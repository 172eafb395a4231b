namespace Kpod.Tokenizers.Normalization;

/// <summary>Takes white space off the ends.</summary>
/// <param name="left">Whether at the start.</param>
/// <param name="right">Whether at the end.</param>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    /// <inheritdoc/>
    public AlignedText Normalize(AlignedText text)
    {
        var end = right ? text.Characters.TrimEnd().Length : text.Length;
        var start = left ? end - text.Characters[..end].TrimStart().Length : 0;
        return text.Slice(start, end - start);
    }
}

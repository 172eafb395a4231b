namespace Kpod.Tokenizers.Normalization;

/// <summary>Several normalizers, one after the other.</summary>
/// <param name="normalizers">The normalizers.</param>
internal sealed class NormalizerSequence(IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    /// <inheritdoc/>
    public AlignedText Normalize(AlignedText text) => normalizers.Aggregate(text, (current, normalizer) => normalizer.Normalize(current));
}

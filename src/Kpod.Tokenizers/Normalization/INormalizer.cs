namespace Kpod.Tokenizers.Normalization;

/// <summary>Rewrites a text before it is split.</summary>
internal interface INormalizer
{
    /// <summary>Rewrites a text.</summary>
    /// <param name="text">A text.</param>
    /// <returns>The rewritten text, or <paramref name="text"/> itself where nothing changes.</returns>
    AlignedText Normalize(AlignedText text);
}

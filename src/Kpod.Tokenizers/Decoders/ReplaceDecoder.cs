namespace Kpod.Tokenizers.Decoders;

/// <summary>Replaces a text in each piece.</summary>
/// <param name="sought">What is replaced; not empty.</param>
/// <param name="replacement">What it becomes.</param>
internal sealed class ReplaceDecoder(string sought, string replacement) : IPieceDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> pieces) =>
        [.. pieces.Select(piece => piece.Replace(sought, replacement, StringComparison.Ordinal))];
}

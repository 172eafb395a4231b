namespace Kpod.Tokenizers.Decoders;

/// <summary>Takes a character off both ends of each piece.</summary>
/// <param name="content">The character.</param>
/// <param name="start">At most this many in front.</param>
/// <param name="stop">At most this many behind.</param>
internal sealed class StripDecoder(char content, int start, int stop) : IPieceDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> pieces) => [.. pieces.Select(Strip)];

    private string Strip(string piece)
    {
        var from = 0;
        while (from < start && from < piece.Length && piece[from] == content)
        {
            from++;
        }

        var to = piece.Length;
        while (piece.Length - to < stop && to > from && piece[to - 1] == content)
        {
            to--;
        }

        return piece[from..to];
    }
}

namespace Kpod.Tokenizers.Decoders;

/// <summary>Turns marks back into spaces; in the first piece every mark is dropped.</summary>
/// <param name="mark">The mark, usually ▁.</param>
/// <param name="dropsFirst">Whether the first piece's marks are dropped.</param>
internal sealed class MetaspaceDecoder(char mark, bool dropsFirst) : IPieceDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> pieces) =>
        [.. pieces.Select((piece, index) => index == 0 && dropsFirst ? WithoutMarks(piece) : piece.Replace(mark, ' '))];

    private string WithoutMarks(string piece) => piece.Replace(mark.ToString(), string.Empty, StringComparison.Ordinal);
}

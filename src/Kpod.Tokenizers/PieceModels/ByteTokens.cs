using System.Globalization;

namespace Kpod.Tokenizers.PieceModels;

/// <summary>The spelling of byte tokens, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
internal static class ByteTokens
{
    /// <summary>The spelling of a byte.</summary>
    /// <param name="value">A byte.</param>
    /// <returns>Its token.</returns>
    public static string PieceOf(byte value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    /// <summary>The byte of a token.</summary>
    /// <param name="piece">Any piece.</param>
    /// <returns>The byte, or -1 where the piece is no byte token.</returns>
    public static int ByteOf(string piece) =>
        piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>'
        && byte.TryParse(piece.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : -1;

    /// <summary>The ids of all byte tokens.</summary>
    /// <param name="vocabulary">A vocabulary.</param>
    /// <returns>256 ids, -1 where the vocabulary lacks the token.</returns>
    public static int[] IdsIn(Vocabulary vocabulary) => [.. Enumerable.Range(0, 256).Select(value => vocabulary.Find(PieceOf((byte)value)) ?? -1)];
}

using System.Text;

namespace Kpod.Tokenizers.PieceModels;

/// <summary>
/// GPT-2's alphabet for bytes: a printable byte is written as the Latin-1 character of that code, the 68 others as U+0100 and following, in order.
/// </summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] Symbols = MakeSymbols();
    private static readonly short[] Bytes = MakeBytes();

    /// <summary>The symbol of a byte.</summary>
    /// <param name="value">A byte.</param>
    /// <returns>Its symbol, such as Ġ for a space.</returns>
    public static char SymbolOf(byte value) => Symbols[value];

    /// <summary>How many UTF-8 bytes the symbol of a byte takes.</summary>
    /// <param name="value">A byte.</param>
    /// <returns>1 for printable ASCII, otherwise 2.</returns>
    public static int SymbolWidth(byte value) => Symbols[value] < 0x80 ? 1 : 2;

    /// <summary>The byte behind a symbol.</summary>
    /// <param name="symbol">A character.</param>
    /// <returns>The byte, or -1 where the character is none of the alphabet.</returns>
    public static int ByteOf(char symbol) => symbol < Bytes.Length ? Bytes[symbol] : -1;

    /// <summary>A text written in the alphabet.</summary>
    /// <param name="text">A text.</param>
    /// <returns>One symbol for each UTF-8 byte.</returns>
    public static string Spell(string text) => string.Create(Encoding.UTF8.GetByteCount(text), text, (symbols, original) =>
    {
        var bytes = Encoding.UTF8.GetBytes(original);
        for (var i = 0; i < bytes.Length; i++)
        {
            symbols[i] = Symbols[bytes[i]];
        }
    });

    private static char[] MakeSymbols()
    {
        var symbols = new char[256];
        var others = 0;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            symbols[value] = printable ? (char)value : (char)(0x100 + others++);
        }

        return symbols;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[0x144];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++)
        {
            bytes[Symbols[value]] = (short)value;
        }

        return bytes;
    }
}

using System.Globalization;
using System.Text;

namespace Kpod.Tokenizers.Normalization;

/// <summary>
/// Combining classes, decompositions and compositions of Unicode 9, the version by which the
/// reference normalizes. .NET's own tables are not there in invariant mode.
/// </summary>
internal static class UnicodeNormalizationData
{
    private const int HangulFirst = 0xAC00;
    private const int LeadingFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TrailingFirst = 0x11A7;
    private const int LeadingCount = 19;
    private const int VowelCount = 21;
    private const int TrailingCount = 28;
    private const int HangulCount = LeadingCount * VowelCount * TrailingCount;

    private static readonly Dictionary<int, byte> Classes = [];
    private static readonly Dictionary<int, int[]> Canonical = [];
    private static readonly Dictionary<int, int[]> Compatible = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];

    static UnicodeNormalizationData()
    {
        using var stream = typeof(UnicodeNormalizationData).Assembly.GetManifestResourceStream("UnicodeNormalization.txt")!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (reader.ReadLine() is { } line)
        {
            foreach (var entry in line.StartsWith('#') ? [] : line.Split(' '))
            {
                Read(entry);
            }
        }
    }

    /// <summary>The canonical combining class of a character.</summary>
    /// <param name="code">A code point.</param>
    /// <returns>0 for a starter.</returns>
    public static byte ClassOf(int code) => Classes.GetValueOrDefault(code);

    /// <summary>Decomposes a character as far as it goes.</summary>
    /// <param name="code">A code point.</param>
    /// <param name="compatible">Whether compatibility mappings count.</param>
    /// <param name="parts">Where the parts are appended; the character itself where it does not decompose.</param>
    public static void Decompose(int code, bool compatible, List<int> parts)
    {
        if (code - HangulFirst is >= 0 and < HangulCount and var syllable)
        {
            parts.Add(LeadingFirst + (syllable / (VowelCount * TrailingCount)));
            parts.Add(VowelFirst + (syllable % (VowelCount * TrailingCount) / TrailingCount));
            if (syllable % TrailingCount != 0)
            {
                parts.Add(TrailingFirst + (syllable % TrailingCount));
            }

            return;
        }

        if (!Canonical.TryGetValue(code, out var mapping) && !(compatible && Compatible.TryGetValue(code, out mapping)))
        {
            parts.Add(code);
            return;
        }

        foreach (var part in mapping!)
        {
            Decompose(part, compatible, parts);
        }
    }

    /// <summary>Composes two characters.</summary>
    /// <param name="first">A code point.</param>
    /// <param name="second">The one after it.</param>
    /// <returns>What they compose to, or -1.</returns>
    public static int Compose(int first, int second)
    {
        if (first - LeadingFirst is >= 0 and < LeadingCount and var leading && second - VowelFirst is >= 0 and < VowelCount and var vowel)
        {
            return HangulFirst + (((leading * VowelCount) + vowel) * TrailingCount);
        }

        var isOpenSyllable = first - HangulFirst is >= 0 and < HangulCount and var syllable && syllable % TrailingCount == 0;
        if (isOpenSyllable && second - TrailingFirst is > 0 and < TrailingCount and var trailing)
        {
            return first + trailing;
        }

        return Compositions.GetValueOrDefault((first, second), -1);
    }

    private static void Read(string entry)
    {
        var mark = entry.AsSpan().IndexOfAny("-=!~");
        var code = Hexadecimal(entry.AsSpan(0, mark));
        if (entry[mark] == '-')
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            var value = byte.Parse(entry.AsSpan(colon + 1), CultureInfo.InvariantCulture);
            for (var last = Hexadecimal(entry.AsSpan(mark + 1, colon - mark - 1)); code <= last; code++)
            {
                Classes.Add(code, value);
            }

            return;
        }

        var mapping = Array.ConvertAll(entry[(mark + 1)..].Split('+'), part => Hexadecimal(part));
        (entry[mark] == '~' ? Compatible : Canonical).Add(code, mapping);
        if (entry[mark] == '=')
        {
            Compositions.Add((mapping[0], mapping[1]), code);
        }
    }

    private static int Hexadecimal(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}

namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>
/// The regular expressions with which byte-level tokenizers cut their text, written out as scanners:
/// exact on characters beyond U+FFFF, where .NET's classes see two surrogates.
/// </summary>
internal static class SplitPatterns
{
    /// <summary>GPT-2's expression, built into the pre-tokenizer <c>ByteLevel</c>.</summary>
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Llama3Start = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|";
    private const string Llama3End = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3's expression: numbers of up to three digits.</summary>
    public const string Llama3 = Llama3Start + @"\p{N}{1,3}" + Llama3End;

    /// <summary>Qwen2's expression: Llama 3's with single digits.</summary>
    public const string Qwen2 = Llama3Start + @"\p{N}" + Llama3End;

    /// <summary>The scanner of an expression.</summary>
    /// <param name="pattern">The expression as a tokenizer file spells it.</param>
    /// <returns>The scanner, or null where the expression is none of the known ones.</returns>
    public static PieceScanner? Find(string pattern) => pattern switch
    {
        Gpt2 => ScanGpt2,
        Llama3 => (text, start) => ScanLlama3(text, start, longestNumber: 3),
        Qwen2 => (text, start) => ScanLlama3(text, start, longestNumber: 1),
        _ => null,
    };

    /// <summary>Scans by <see cref="Gpt2"/>.</summary>
    /// <param name="text">A piece of text.</param>
    /// <param name="start">Where the next piece begins.</param>
    /// <returns>Where it ends.</returns>
    public static int ScanGpt2(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && EndOfContraction(text, start, ignoreCase: false) is var contraction and > 0)
        {
            return contraction;
        }

        var kind = CharacterKinds.At(text, start, out var length);
        if (text[start] == ' ' && start + 1 < text.Length)
        {
            var following = CharacterKinds.At(text, start + 1, out var followingLength);
            if (following != CharacterKind.Space)
            {
                return CharacterKinds.EndOfRun(text, start + 1 + followingLength, following);
            }
        }

        return kind == CharacterKind.Space ? EndOfSpaces(text, start) : CharacterKinds.EndOfRun(text, start + length, kind);
    }

    private static int ScanLlama3(ReadOnlySpan<char> text, int start, int longestNumber)
    {
        var unit = text[start];
        if (unit == '\'' && EndOfContraction(text, start, ignoreCase: true) is var contraction and > 0)
        {
            return contraction;
        }

        var kind = CharacterKinds.At(text, start, out var length);
        var next = start + length;
        if (kind == CharacterKind.Letter)
        {
            return CharacterKinds.EndOfRun(text, next, CharacterKind.Letter);
        }

        if (kind == CharacterKind.Number)
        {
            return EndOfNumber(text, start, longestNumber);
        }

        var following = next < text.Length ? CharacterKinds.At(text, next, out _) : CharacterKind.Space;
        if (following == CharacterKind.Letter && unit is not ('\r' or '\n'))
        {
            return CharacterKinds.EndOfRun(text, next, CharacterKind.Letter);
        }

        if (kind == CharacterKind.Other || (unit == ' ' && following == CharacterKind.Other))
        {
            var end = CharacterKinds.EndOfRun(text, next, CharacterKind.Other);
            while (end < text.Length && text[end] is '\r' or '\n')
            {
                end++;
            }

            return end;
        }

        var spaces = CharacterKinds.EndOfRun(text, start, CharacterKind.Space);
        var lastLineEnd = text[start..spaces].LastIndexOfAny('\r', '\n');
        return lastLineEnd >= 0 ? start + lastLineEnd + 1 : EndOfSpaces(text, start);
    }

    // \s+(?!\S)|\s+: white space before a word leaves its last character to the word.
    private static int EndOfSpaces(ReadOnlySpan<char> text, int start)
    {
        var end = CharacterKinds.EndOfRun(text, start, CharacterKind.Space);
        return end == text.Length || end == start + 1 ? end : end - 1;
    }

    private static int EndOfNumber(ReadOnlySpan<char> text, int start, int longest)
    {
        for (var digits = 0; digits < longest && start < text.Length && CharacterKinds.At(text, start, out var length) == CharacterKind.Number; digits++)
        {
            start += length;
        }

        return start;
    }

    // 's 't 're 've 'm 'll 'd; -1 where none stands here. Ignoring case, the long s (U+017F) counts as an s.
    private static int EndOfContraction(ReadOnlySpan<char> text, int start, bool ignoreCase)
    {
        var first = Fold(text, start + 1, ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
        {
            return start + 2;
        }

        var second = Fold(text, start + 2, ignoreCase);
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? start + 3 : -1;
    }

    private static char Fold(ReadOnlySpan<char> text, int index, bool ignoreCase)
    {
        var unit = index < text.Length ? text[index] : '\0';
        return !ignoreCase ? unit : unit == '\u017F' ? 's' : char.IsAsciiLetterUpper(unit) ? (char)(unit | 0x20) : unit;
    }
}

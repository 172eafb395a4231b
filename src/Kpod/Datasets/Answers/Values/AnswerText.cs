using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kpod.Datasets.Answers.Values;

/// <summary>Prepares a text for the search for its answer: cuts what a model runs on with, and turns markup and typography into plain characters.</summary>
internal static partial class AnswerText
{
    /// <summary>Stands before the content of a LaTeX box.</summary>
    public const char BoxStart = '\uE000';

    /// <summary>Stands behind the content of a LaTeX box.</summary>
    public const char BoxEnd = '\uE001';

    // A text beyond any answer's length is read at its end only, so that a hostile one costs little.
    private const int MaximumLength = 1 << 14;

    private const string VulgarFractions = "¼1/4½1/2¾3/4⅐1/7⅑1/9⅓1/3⅔2/3⅕1/5⅖2/5⅗3/5⅘4/5⅙1/6⅚5/6⅛1/8⅜3/8⅝5/8⅞7/8";
    private const string SuperscriptDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>Cuts the text at an end token and before an invented next question.</summary>
    /// <param name="text">What a model or teacher wrote.</param>
    /// <returns>The part that answers the question.</returns>
    public static string Cut(string text)
    {
        var rest = text[LeadingTokens().Match(text).Length..];
        foreach (var pattern in new[] { EndToken(), NextQuestion(), NextExercise() })
        {
            var match = pattern.Match(rest);
            rest = match.Success ? rest[..match.Index] : rest;
        }

        return rest.Length > MaximumLength ? rest[^MaximumLength..] : rest;
    }

    /// <summary>Turns typography, Markdown and LaTeX into plain text.</summary>
    /// <param name="text">A text.</param>
    /// <returns>The text with ASCII digits and operators, fractions as <c>a/b</c>, and boxes between <see cref="BoxStart"/> and <see cref="BoxEnd"/>.</returns>
    public static string Clean(string text) => StripMarkdown(PlainLatex(PlainCharacters(text.ReplaceLineEndings("\n"))));

    private static string PlainCharacters(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            AppendPlain(plain, rune);
        }

        return GroupSpace().Replace(plain.ToString(), "'").Replace('\u00A0', ' ');
    }

    private static void AppendPlain(StringBuilder plain, Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (rune.IsAscii)
        {
            plain.Append((char)rune.Value);
        }
        else if (category == UnicodeCategory.DecimalDigitNumber)
        {
            plain.Append((int)Rune.GetNumericValue(rune));
        }
        else if (category == UnicodeCategory.SpaceSeparator)
        {
            plain.Append(rune.Value is 0xA0 or 0x202F or 0x2007 or 0x2009 ? '\u00A0' : ' ');
        }
        else if (rune.Value is >= 0xFF01 and <= 0xFF5E)
        {
            plain.Append((char)(rune.Value - 0xFF01 + '!'));
        }
        else if (category != UnicodeCategory.Format)
        {
            AppendSign(plain, rune);
        }
    }

    private static void AppendSign(StringBuilder plain, Rune rune)
    {
        var sign = rune.ToString();
        var fraction = VulgarFractions.IndexOf(sign, StringComparison.Ordinal);
        if (fraction >= 0)
        {
            plain.Append(plain.Length > 0 && char.IsAsciiDigit(plain[^1]) ? " " : string.Empty).Append(VulgarFractions, fraction + 1, 3);
        }
        else if (SuperscriptDigits.Contains(sign, StringComparison.Ordinal))
        {
            plain.Append(plain.Length > 1 && plain[^2] == '^' ? string.Empty : "^").Append(SuperscriptDigits.IndexOf(sign, StringComparison.Ordinal));
        }
        else
        {
            plain.Append(sign switch
            {
                "\u2212" or "\u2010" or "\u2011" => "-",
                "\u2018" or "\u2019" or "\u02BC" => "'",
                "\u201C" or "\u201D" => "\"",
                "\u2044" or "\u2215" => "/",
                "\u066B" => ".",
                "\u066C" => ",",
                "\u2028" or "\u2029" or "\u0085" => "\n",
                "\uE000" or "\uE001" => " ",
                _ => sign,
            });
        }
    }

    private static string PlainLatex(string text)
    {
        if (!text.Contains('\\'))
        {
            return text.Replace("{,}", ",", StringComparison.Ordinal);
        }

        text = LatexWrapper().Replace(text.Replace("{,}", ",", StringComparison.Ordinal), string.Empty);
        for (var depth = 0; depth < 8; depth++)
        {
            var before = text;
            text = LatexText().Replace(text, "$1");
            text = ReplaceFractions(text);
            text = LatexRoot().Replace(text, "√$1");
            text = LatexPower().Replace(text, "^$1");
            text = LatexBox().Replace(text, $"{BoxStart}$1{BoxEnd}");
            if (text == before)
            {
                break;
            }
        }

        // A box that is cut off holds no answer; its start alone tells the reader so.
        text = LatexOpenBox().Replace(text, BoxStart.ToString());
        return LatexSign().Replace(text, Sign);
    }

    private static string ReplaceFractions(string text) => LatexFraction().Replace(text, match => Fraction(match, text));

    private static string Fraction(Match match, string text)
    {
        var numerator = (match.Groups[1].Success ? match.Groups[1] : match.Groups[2]).Value.Trim();
        var denominator = (match.Groups[3].Success ? match.Groups[3] : match.Groups[4]).Value.Trim();
        var behind = match.Index + match.Length < text.Length && char.IsAsciiDigit(text[match.Index + match.Length]) ? " " : string.Empty;
        var space = match.Index > 0 && char.IsAsciiDigit(text[match.Index - 1]) ? " " : string.Empty;
        return PlainNumber().IsMatch(numerator) && PlainNumber().IsMatch(denominator)
            ? $"{space}{numerator}/{denominator}{behind}"
            : $"{space}({numerator})/({denominator}){behind}";
    }

    private static string Sign(Match match) => match.Groups[1].Value switch
    {
        "times" => "×",
        "cdot" => "*",
        "div" => "÷",
        "approx" => "≈",
        "implies" or "Rightarrow" or "rightarrow" => "≈",
        "%" => "%",
        "$" => "$",
        "circ" => "°",
        _ => " ",
    };

    private static string StripMarkdown(string text)
    {
        text = Tag().Replace(text, " ");
        text = StruckOut().Replace(text, string.Empty);
        text = CalculatorNote().Replace(text, string.Empty);
        text = Emphasis().Replace(text, string.Empty);
        text = Italic().Replace(text, "$1");
        text = Heading().Replace(text, string.Empty);
        text = ListMarker().Replace(text, string.Empty);
        return text.Replace('|', '\n');
    }

    [GeneratedRegex(@"^(\s|<s>|<pad>|<bos>|<\|begin_of_text\|>|<\|im_start\|>(assistant)?)*", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingTokens();

    [GeneratedRegex(@"</s>|<eos>|<pad>|<(?:end|start)_of_turn>|<end_of_utterance>|\[/?INST\]|<<SYS>>|<[|\uFF5C][A-Za-z0-9_\u2581 ]{2,30}[|\uFF5C]>", RegexOptions.CultureInvariant)]
    private static partial Regex EndToken();

    // At the start of a line, or after the end of a sentence, as tokenizers without newlines write it; never at the start of the text.
    [GeneratedRegex(
        @"(?=[QPHU])(?<=\S[ \t]*\n[\s#*]*|[.!?)\]][ \t]+)(Q|Question|QUESTION|Problem|PROBLEM|Human|HUMAN|User|USER)\b[ \t]*\d*[ \t]*\**[:.](?=\**[ \t\n])",
        RegexOptions.CultureInvariant)]
    private static partial Regex NextQuestion();

    // On a line of its own: a heading of a prompt's format, a numbered exercise, or the bare name of the one who speaks.
    [GeneratedRegex(
        @"(?<=\S\s*?\n[ \t]*)(?:#{1,6}[ \t]*(?:Instruction|Input|Question|Problem|Exercise|Task|Example|Human|User|System|Prompt)s?\b[ \t]*\d*[ \t]*:?[ \t]*(?=\n|$|\S)|\**(?:Instruction|Input|Prompt|System)\**:(?=\**[ \t\n])"
        + @"|\**(?:Exercise|Task|Example|Question|Problem|Q)[ \t]*\d{1,3}\**[:.)](?=\**[ \t\n])|(?:user|human|system)[ \t]*(?=\n))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NextExercise();

    [GeneratedRegex(@"(?<=\d)\u00A0(?=\d{3}(?!\d))", RegexOptions.CultureInvariant)]
    private static partial Regex GroupSpace();

    [GeneratedRegex(@"\\(left|right|displaystyle|bigl|bigr|big|Big)(?![A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex LatexWrapper();

    [GeneratedRegex(@"\\(?:text|mathrm|mathbf|textbf|textit|mbox|operatorname|mathit|emph)\s*\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex LatexText();

    // A part of one digit may stand without braces.
    [GeneratedRegex(@"\\[dtc]?frac\s*(?:\{([^{}]*)\}|(\d))\s*(?:\{([^{}]*)\}|(\d))", RegexOptions.CultureInvariant)]
    private static partial Regex LatexFraction();

    [GeneratedRegex(@"\\sqrt\s*\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex LatexRoot();

    [GeneratedRegex(@"\^\s*\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex LatexPower();

    [GeneratedRegex(@"\\(?:boxed|fbox)\s*\{([^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex LatexBox();

    [GeneratedRegex(@"\\(?:boxed|fbox)\s*\{", RegexOptions.CultureInvariant)]
    private static partial Regex LatexOpenBox();

    [GeneratedRegex(@"\\([A-Za-z]+|.)", RegexOptions.CultureInvariant)]
    private static partial Regex LatexSign();

    [GeneratedRegex(@"^-?\d+(\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainNumber();

    [GeneratedRegex(@"</?[A-Za-z][A-Za-z0-9]{0,20} ?/?>", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"~~[^~\n]*~~", RegexOptions.CultureInvariant)]
    private static partial Regex StruckOut();

    [GeneratedRegex(@"<<[^<>\n]*>>", RegexOptions.CultureInvariant)]
    private static partial Regex CalculatorNote();

    [GeneratedRegex(@"\*\*|(?<![A-Za-z0-9])__(?=\S)|(?<=\S)__(?![A-Za-z0-9])|`", RegexOptions.CultureInvariant)]
    private static partial Regex Emphasis();

    [GeneratedRegex(@"(?<![\w*)])\*([^\s*]|[^\s*][^*\n]{0,200}[^\s*])\*(?![\w*(])", RegexOptions.CultureInvariant)]
    private static partial Regex Italic();

    [GeneratedRegex(@"^[ \t]*(#{1,3}|#{5,6})[ \t]+", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[ \t]*([-*•–][ \t]+|\d{1,2}[.)][ \t]+|\(\d{1,2}\)[ \t]+|>[ \t]+)(?=\S)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex ListMarker();
}

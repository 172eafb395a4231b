using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>
/// Cuts a template into tokens as Jinja 3.1 does with <c>trim_blocks</c> and <c>lstrip_blocks</c>: the newline behind a block or comment goes, and so does the
/// white space between the start of a line and one; a minus sign strips all white space on its side, a plus sign none. <c>\r\n</c> and <c>\r</c> are newlines,
/// and one at the very end is dropped.
/// </summary>
internal sealed partial class Lexer
{
    // Python reads no longer whole number, so that quadratic conversion cannot be used against it.
    private const int LongestNumber = 4300;

    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _position;
    private int _line = 1;
    private bool _startsLine = true;

    private Lexer(string source) => _source = source;

    /// <summary>Cuts a template.</summary>
    /// <param name="source">The template.</param>
    /// <returns>Its tokens, an end token last.</returns>
    /// <exception cref="TemplateFault">It is no sound template.</exception>
    public static IReadOnlyList<TemplateToken> Tokenize(string source)
    {
        var text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var lexer = new Lexer(text.EndsWith('\n') ? text[..^1] : text);
        lexer.Run();
        return lexer._tokens;
    }

    private void Run()
    {
        while (_position < _source.Length)
        {
            var match = TagBegin().Match(_source, _position);
            if (!match.Success)
            {
                AddData(_source[_position..]);
                Advance(_source.Length);
                break;
            }

            AddDataBefore(match.Index, match.Groups["sign"].Value, isVariable: match.Groups["variable"].Success);
            Advance(match.Index + match.Length);
            if (match.Groups["raw"].Success)
            {
                ReadRaw();
            }
            else if (match.Groups["comment"].Success)
            {
                SkipComment();
            }
            else
            {
                ReadTag(match.Groups["variable"].Success);
            }
        }

        Add(TokenKind.End, string.Empty);
    }

    private void AddDataBefore(int end, string sign, bool isVariable)
    {
        var data = _source[_position..end];
        if (sign == "-")
        {
            data = PythonText.TrimEnd(data);
        }
        else if (sign != "+" && !isVariable)
        {
            var lineStart = data.LastIndexOf('\n') + 1;
            if ((lineStart > 0 || _startsLine) && PythonText.IsSpace(data.AsSpan(lineStart)))
            {
                data = data[..lineStart];
            }
        }

        AddData(data);
    }

    private void AddData(string data)
    {
        if (data.Length > 0)
        {
            Add(TokenKind.Data, data);
        }
    }

    private void ReadRaw()
    {
        var match = RawEnd().Match(_source, _position);
        if (!match.Success)
        {
            RefuseUnlessAtEnd("Missing end of raw directive");
            return;
        }

        AddDataBefore(match.Index, match.Groups["sign"].Value, isVariable: false);
        Advance(match.Index + match.Length);
    }

    private void SkipComment()
    {
        var match = CommentEnd().Match(_source, _position);
        if (!match.Success)
        {
            RefuseUnlessAtEnd("Missing end of comment tag");
            return;
        }

        Advance(match.Index + match.Length);
    }

    // Jinja lets a template end right behind such a tag.
    private void RefuseUnlessAtEnd(string message)
    {
        if (_position < _source.Length)
        {
            throw Fault(message);
        }
    }

    private void ReadTag(bool isVariable)
    {
        Add(isVariable ? TokenKind.VariableBegin : TokenKind.BlockBegin, string.Empty);
        var end = isVariable ? VariableEnd() : BlockEnd();
        var open = new Stack<char>();
        while (_position < _source.Length)
        {
            // Inside brackets }} closes two dictionaries.
            if (open.Count == 0 && end.Match(_source, _position) is { Success: true } match)
            {
                Add(isVariable ? TokenKind.VariableEnd : TokenKind.BlockEnd, string.Empty);
                Advance(_position + match.Length);
                return;
            }

            ReadToken(open);
        }
    }

    private void ReadToken(Stack<char> open)
    {
        if (Take(Space()) is not null)
        {
            return;
        }

        var line = _line;
        if (Take(Float()) is { } real)
        {
            Add(TokenKind.Number, real, double.Parse(real.Replace("_", string.Empty, StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture), line);
        }
        else if (Take(Integer()) is { } whole)
        {
            Add(TokenKind.Number, whole, ParseInteger(whole.Replace("_", string.Empty, StringComparison.Ordinal)), line);
        }
        else if (Take(Name()) is { } name)
        {
            Add(TokenKind.Name, char.IsDigit(name[0]) ? throw Fault("Invalid character in identifier") : name, null, line);
        }
        else if (Take(Literal()) is { } literal)
        {
            Add(TokenKind.Text, StringEscapes.Decode(literal[1..^1], line), null, line);
        }
        else if (Take(Operator()) is { } symbol)
        {
            Balance(symbol, open);
            Add(TokenKind.Operator, symbol, null, line);
        }
        else
        {
            throw Fault($"unexpected char {PythonText.Repr(_source[_position].ToString())} at {_position}");
        }
    }

    private void Balance(string symbol, Stack<char> open)
    {
        switch (symbol)
        {
            case "(" or "[" or "{":
                open.Push(symbol switch { "(" => ')', "[" => ']', _ => '}' });
                break;
            case ")" or "]" or "}":
                if (!open.TryPop(out var expected))
                {
                    throw Fault($"unexpected '{symbol}'");
                }

                if (expected != symbol[0])
                {
                    throw Fault($"unexpected '{symbol}', expected '{expected}'");
                }

                break;
        }
    }

    private BigInteger ParseInteger(string digits)
    {
        if (digits.Length > LongestNumber)
        {
            throw Fault($"a number of {digits.Length} digits; at most {LongestNumber} are read");
        }

        var prefix = digits.Length > 1 ? char.ToLowerInvariant(digits[1]) : '0';
        return prefix switch
        {
            'x' => BigInteger.Parse("0" + digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            'b' => digits[2..].Aggregate(BigInteger.Zero, static (sum, digit) => (sum * 2) + (digit - '0')),
            'o' => digits[2..].Aggregate(BigInteger.Zero, static (sum, digit) => (sum * 8) + (digit - '0')),
            _ => BigInteger.Parse(digits, CultureInfo.InvariantCulture),
        };
    }

    private string? Take(Regex pattern)
    {
        var match = pattern.Match(_source, _position);
        if (!match.Success)
        {
            return null;
        }

        Advance(_position + match.Length);
        return match.Value;
    }

    private void Advance(int to)
    {
        _line += _source.AsSpan(_position, to - _position).Count('\n');
        _startsLine = to > 0 && _source[to - 1] == '\n';
        _position = to;
    }

    private void Add(TokenKind kind, string text, object? number = null, int? line = null) => _tokens.Add(new TemplateToken(kind, text, number, line ?? _line));

    private TemplateFault Fault(string message) => new(TemplateFault.Syntax, message) { Line = _line };

    private const string Blank = @"[\s\x1c-\x1f]*";

    [GeneratedRegex(@"(?<raw>\{%(?<sign>[-+]?)" + Blank + @"raw" + Blank + @"(?:-%\}" + Blank + @"|%\}))|(?:(?<variable>\{\{)|(?<comment>\{#)|\{%)(?<sign>[-+]?)", RegexOptions.CultureInvariant)]
    private static partial Regex TagBegin();

    [GeneratedRegex(@"\{%(?<sign>[-+]?)" + Blank + "endraw" + Blank + @"(?:\+%\}|-%\}" + Blank + @"|%\}\n?)", RegexOptions.CultureInvariant)]
    private static partial Regex RawEnd();

    [GeneratedRegex(@"\+#\}|-#\}" + Blank + @"|#\}\n?", RegexOptions.CultureInvariant)]
    private static partial Regex CommentEnd();

    [GeneratedRegex(@"\G(?:\+%\}|-%\}" + Blank + @"|%\}\n?)", RegexOptions.CultureInvariant)]
    private static partial Regex BlockEnd();

    [GeneratedRegex(@"\G(?:-\}\}" + Blank + @"|\}\})", RegexOptions.CultureInvariant)]
    private static partial Regex VariableEnd();

    [GeneratedRegex(@"\G[\s\x1c-\x1f]+", RegexOptions.CultureInvariant)]
    private static partial Regex Space();

    [GeneratedRegex(@"\G(?<!\.)(?:[0-9]+_)*[0-9]+(?:(?:\.(?:[0-9]+_)*[0-9]+)?e[+\-]?(?:[0-9]+_)*[0-9]+|\.(?:[0-9]+_)*[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Float();

    [GeneratedRegex(@"\G(?:0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[0-9a-f])+|[1-9](?:_?[0-9])*|0(?:_?0)*)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Integer();

    [GeneratedRegex(@"\G\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("""\G(?:'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*")""", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex(@"\G(?://|\*\*|==|!=|>=|<=|[-+/*%~\[\](){}><=.:|,;])", RegexOptions.CultureInvariant)]
    private static partial Regex Operator();
}

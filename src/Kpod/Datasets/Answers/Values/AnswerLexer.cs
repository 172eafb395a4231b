namespace Kpod.Datasets.Answers.Values;

/// <summary>Cuts a cleaned text into numbers, words, signs and sentence ends.</summary>
internal sealed class AnswerLexer
{
    private static readonly HashSet<string> Abbreviations =
        ["mr", "mrs", "ms", "dr", "st", "vs", "etc", "approx", "no", "sq", "ft", "in", "lb", "lbs", "oz", "hr", "hrs", "min", "mins", "sec", "i.e", "e.g", "u.s", "a.m", "p.m"];

    private static readonly HashSet<string> Copulas = ["is", "are", "was", "were", "be", "equals", "=", "≈", ":"];
    private static readonly HashSet<string> OperatorWords = ["x", "plus", "minus", "times", "divided", "multiplied"];

    private readonly string _text;
    private readonly List<AnswerToken> _tokens = [];
    private int _position;

    private AnswerLexer(string text) => _text = text;

    /// <summary>Reads a whole text.</summary>
    /// <param name="text">A text as <see cref="AnswerText.Clean"/> leaves it.</param>
    /// <returns>Its tokens in order.</returns>
    public static List<AnswerToken> Read(string text)
    {
        var lexer = new AnswerLexer(text);
        while (lexer._position < text.Length)
        {
            lexer.ReadNext();
        }

        return lexer._tokens;
    }

    private void ReadNext()
    {
        var character = _text[_position];
        if (character == '\n')
        {
            Add(AnswerTokenKind.LineEnd, 1);
        }
        else if (char.IsWhiteSpace(character) || AnswerNumber.IsCurrency(character))
        {
            _position++;
        }
        else if (!TryNumber())
        {
            if (char.IsLetter(character))
            {
                ReadWord();
            }
            else
            {
                ReadSign(character);
            }
        }
    }

    private bool TryNumber()
    {
        if (!AnswerNumber.TryRead(_text, _position, SignIsAllowed(), out var end, out var value))
        {
            return false;
        }

        var kind = value is null ? AnswerTokenKind.NotANumber : AnswerTokenKind.Number;
        _tokens.Add(new AnswerToken(kind, _position, end, _text[_position..end], value));
        _position = end;
        return true;
    }

    // "10 -5" and "10-5" subtract, "fell to -5" and "is - 5" do not; a sign that stands alone is one only right behind "is" and its like.
    private bool SignIsAllowed()
    {
        if (_text[_position] is not ('-' or '+' or '–'))
        {
            return true;
        }

        var previous = _tokens.Count > 0 ? _tokens[^1] : null;
        var spaced = _position + 1 < _text.Length && _text[_position + 1] == ' ';
        var touches = previous is not null && previous.End == _position;
        return previous switch
        {
            null => true,
            { Kind: AnswerTokenKind.Number or AnswerTokenKind.NotANumber } => false,
            { Text: ")" or "°" } => false,
            { Kind: AnswerTokenKind.Word } when touches => false,
            _ when Copulas.Contains(previous.Text) => true,
            _ => !spaced,
        };
    }

    private void ReadWord()
    {
        var end = _position + 1;
        while (end < _text.Length && ContinuesWord(end))
        {
            end++;
        }

        // The exponent of a unit belongs to it: m^2.
        if (end + 1 < _text.Length && _text[end] == '^' && char.IsAsciiDigit(_text[end + 1]))
        {
            end += 2;
        }

        var word = _text[_position..end].ToLowerInvariant();
        var kind = word switch
        {
            "equals" or "equal" => AnswerTokenKind.EqualsSign,
            _ when IsOperatorWord(word, end) => AnswerTokenKind.Operator,
            _ => AnswerTokenKind.Word,
        };
        _tokens.Add(new AnswerToken(kind, _position, end, word));
        _position = end;
    }

    private bool ContinuesWord(int index)
    {
        var character = _text[index];
        if (char.IsLetter(character))
        {
            return true;
        }

        var asciiStart = char.IsAsciiLetter(_text[_position]);
        var letterFollows = index + 1 < _text.Length && char.IsLetter(_text[index + 1]);
        return character switch
        {
            >= '0' and <= '9' => asciiStart,
            '\'' or '-' => letterFollows,
            '.' => letterFollows && char.IsAsciiLetter(_text[index - 1]) && (index < _position + 2 || !char.IsAsciiLetter(_text[index - 2])),
            _ => false,
        };
    }

    // "3 x 4" multiplies; "x = 5" and "minus 5" behind "is" do not.
    private bool IsOperatorWord(string word, int end)
    {
        if (!OperatorWords.Contains(word) || _tokens.Count == 0 || _tokens[^1].Kind is not (AnswerTokenKind.Number or AnswerTokenKind.Word) || Copulas.Contains(_tokens[^1].Text))
        {
            return false;
        }

        var next = _text.AsSpan(end).TrimStart(" $€£");
        next = next.StartsWith("by ") ? next[3..].TrimStart(" $€£") : next;
        return next.Length > 0 && (char.IsAsciiDigit(next[0]) || next[0] == '.');
    }

    private void ReadSign(char character)
    {
        var next = _position + 1 < _text.Length ? _text[_position + 1] : ' ';
        var kind = character switch
        {
            '=' or '≈' or '≡' or '→' or '⇒' => AnswerTokenKind.EqualsSign,
            '-' when next == '>' => AnswerTokenKind.EqualsSign,
            '-' when char.IsLetter(next) || next == '-' => AnswerTokenKind.Other,
            '+' or '-' or '–' or '*' or '×' or '·' or '÷' or '^' or '⋅' or '∗' => AnswerTokenKind.Operator,
            '/' when !char.IsLetter(next) => AnswerTokenKind.Operator,
            ',' or ';' or '，' or '、' => AnswerTokenKind.Comma,
            '.' => IsStop(next) ? AnswerTokenKind.Stop : AnswerTokenKind.Other,
            '!' => NextVisible(_position + 1) == '=' ? AnswerTokenKind.Other : AnswerTokenKind.Stop,
            '?' or '。' or '！' or '？' => AnswerTokenKind.Stop,
            _ => AnswerTokenKind.Other,
        };
        Add(kind, kind == AnswerTokenKind.EqualsSign && next is '>' or '=' ? 2 : 1);
    }

    private bool IsStop(char next)
    {
        var previous = _tokens.Count > 0 && _tokens[^1].End == _position ? _tokens[^1] : null;
        var abbreviated = previous is { Kind: AnswerTokenKind.Word } && Abbreviations.Contains(previous.Text);
        return !(abbreviated && char.IsLower(NextVisible(_position + 1))) && !(abbreviated && previous!.Is("mr", "mrs", "ms", "dr", "st", "no", "vs")) && !char.IsLetterOrDigit(next);
    }

    private char NextVisible(int index)
    {
        while (index < _text.Length && _text[index] == ' ')
        {
            index++;
        }

        return index < _text.Length ? _text[index] : ' ';
    }

    private void Add(AnswerTokenKind kind, int length)
    {
        _tokens.Add(new AnswerToken(kind, _position, _position + length, _text.Substring(_position, length)));
        _position += length;
    }
}

using System.Text;
using Kpod.Tokenizers.Normalization;
using Kpod.Tokenizers.PieceModels;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>
/// SentencePiece's own normalization: at each place the longest entry of the character map, user-defined pieces left alone,
/// spaces collapsed and written as ▁. Each unit remembers where the stretch begins that it was made from.
/// </summary>
internal sealed class SentencePieceNormalizer
{
    private const char Mark = '▁';
    private readonly SentencePieceModel _model;
    private readonly PrecompiledCharacterMap _map;
    private readonly PieceTrie? _userDefined;
    private readonly bool[] _isPlain = new bool[128]; // stands for itself where ASCII follows

    /// <summary>Makes the normalizer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="userDefined">Finds its user-defined pieces; null where there are none.</param>
    /// <param name="place">The file, for errors.</param>
    public SentencePieceNormalizer(SentencePieceModel model, PieceTrie? userDefined, string place)
    {
        _model = model;
        _map = new PrecompiledCharacterMap(model.CharacterMap, place);
        _userDefined = userDefined;
        for (var code = 0; code < 128; code++)
        {
            _isPlain[code] = code != ' ' && userDefined?.Next(PieceTrie.Root, (char)code) is null or < 0
                && _map.FindLongest([(byte)code], out _) == 0
                && !Enumerable.Range(0, 128).Any(next => _map.HasPath([(byte)code, (byte)next]));
        }
    }

    /// <summary>Normalizes.</summary>
    /// <param name="text">A text; well-formed UTF-16.</param>
    /// <returns>The normalized text.</returns>
    public NormalizedText Normalize(ReadOnlySpan<char> text)
    {
        var input = new Input(text, Encoding.UTF8.GetBytes(text.ToString()));
        if (_model.RemovesExtraSpaces)
        {
            SkipLeadingSpaces(ref input);
        }

        if (input.IsAtEnd)
        {
            return new NormalizedText(default, new[] { text.Length });
        }

        var output = new Output(text.Length + 8, _model.EscapesSpaces ? Mark : ' ');
        if (_model is { AddsDummyPrefix: true, SpaceIsSuffix: false })
        {
            output.AddSpace(input.Unit);
        }

        Copy(ref input, ref output);
        var end = _model.RemovesExtraSpaces ? output.TrimEnd(input.Unit) : input.Unit;
        if (_model is { AddsDummyPrefix: true, SpaceIsSuffix: true })
        {
            output.AddSpace(end);
        }

        return output.ToText(end);
    }

    private void Copy(ref Input input, ref Output output)
    {
        var afterSpace = _model.RemovesExtraSpaces;
        Span<char> buffer = stackalloc char[256];
        while (!input.IsAtEnd)
        {
            var unit = input.Text[input.Unit];
            if (unit < 128 && _isPlain[unit] && (input.Unit + 1 == input.Text.Length || input.Text[input.Unit + 1] < 128))
            {
                output.Add(unit, input.Unit);
                afterSpace = false;
                input.Pass(1);
                continue;
            }

            var length = FindRule(input, out var mapped);
            var written = mapped.Length <= buffer.Length ? buffer : new char[mapped.Length];
            ReadOnlySpan<char> replacement = written[..Encoding.UTF8.GetChars(mapped, written)];
            replacement = afterSpace ? replacement.TrimStart(' ') : replacement;
            foreach (var character in replacement)
            {
                output.Add(character, input.Unit);
            }

            afterSpace = _model.RemovesExtraSpaces && (replacement.IsEmpty ? afterSpace : replacement[^1] == ' ');
            input.Pass(length);
        }
    }

    private void SkipLeadingSpaces(ref Input input)
    {
        while (!input.IsAtEnd && FindRule(input, out var mapped) is var length && mapped is [(byte)' '])
        {
            input.Pass(length);
        }
    }

    // What stands at the cursor and what becomes of it; the length is in bytes.
    private int FindRule(in Input input, out ReadOnlySpan<byte> mapped)
    {
        if (_userDefined is not null && LongestPiece(_userDefined, input.Text[input.Unit..]) is > 0 and var units)
        {
            mapped = input.Rest[..Encoding.UTF8.GetByteCount(input.Text.Slice(input.Unit, units))];
            return mapped.Length;
        }

        var length = _map.FindLongest(input.Rest, out mapped);
        if (length == 0)
        {
            Rune.DecodeFromUtf8(input.Rest, out _, out length);
            mapped = input.Rest[..length];
        }

        return length;
    }

    /// <summary>Length of the longest piece at the start of a text.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="text">The text.</param>
    /// <returns>Its length in UTF-16 units; 0 where none begins there.</returns>
    public static int LongestPiece(PieceTrie pieces, ReadOnlySpan<char> text)
    {
        var longest = 0;
        var node = PieceTrie.Root;
        for (var i = 0; i < text.Length && (node = pieces.Next(node, text[i])) >= 0; i++)
        {
            longest = pieces.IdAt(node) >= 0 ? i + 1 : longest;
        }

        return longest;
    }

    private ref struct Input(ReadOnlySpan<char> text, ReadOnlySpan<byte> bytes)
    {
        public readonly ReadOnlySpan<char> Text = text;
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _byte;

        public int Unit { get; private set; }

        public readonly bool IsAtEnd => _byte >= _bytes.Length;

        public readonly ReadOnlySpan<byte> Rest => _bytes[_byte..];

        // A character of four bytes has two units, every other one. A damaged map may stop inside a character: the rest of it is passed as well.
        public void Pass(int bytes)
        {
            var end = _byte + bytes;
            while (_byte < end)
            {
                var first = _bytes[_byte];
                _byte += first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
                Unit += first < 0xF0 ? 1 : 2;
            }
        }
    }

    private struct Output(int capacity, char space)
    {
        private char[] _characters = new char[capacity];
        private int[] _origins = new int[capacity + 1];
        private int _length;

        public void AddSpace(int origin) => Add(' ', origin);

        public void Add(char unit, int origin)
        {
            if (_length == _characters.Length)
            {
                Array.Resize(ref _characters, _length * 2);
                Array.Resize(ref _origins, (_length * 2) + 1);
            }

            _characters[_length] = unit == ' ' ? space : unit;
            _origins[_length++] = origin;
        }

        public int TrimEnd(int end)
        {
            while (_length > 0 && _characters[_length - 1] == space)
            {
                end = _origins[--_length];
            }

            return end;
        }

        public readonly NormalizedText ToText(int end)
        {
            _origins[_length] = end;
            return new NormalizedText(_characters.AsMemory(0, _length), _origins.AsMemory(0, _length + 1));
        }
    }
}

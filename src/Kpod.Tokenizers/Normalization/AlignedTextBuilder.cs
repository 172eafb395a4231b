using System.Text;

namespace Kpod.Tokenizers.Normalization;

/// <summary>Collects a changed text with the original span of each unit.</summary>
internal sealed class AlignedTextBuilder
{
    private char[] _characters;
    private int[] _starts;
    private int[] _ends;

    /// <summary>Makes an empty text.</summary>
    /// <param name="capacity">Expected number of units.</param>
    public AlignedTextBuilder(int capacity)
    {
        _characters = new char[Math.Max(capacity, 16)];
        _starts = new int[_characters.Length];
        _ends = new int[_characters.Length];
    }

    /// <summary>Number of units so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written since a position; may be changed in place.</summary>
    /// <param name="start">The position.</param>
    /// <returns>The units, valid until the next append.</returns>
    public Span<char> Written(int start) => _characters.AsSpan(start, Length - start);

    /// <summary>Appends one unit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="start">First original unit behind it.</param>
    /// <param name="end">One past the last original unit behind it.</param>
    public void Append(char unit, int start, int end)
    {
        if (Length == _characters.Length)
        {
            Grow(Length + 1);
        }

        _characters[Length] = unit;
        _starts[Length] = start;
        _ends[Length] = end;
        Length++;
    }

    /// <summary>Appends one character, both of its units with the whole span.</summary>
    /// <param name="character">The character.</param>
    /// <param name="start">First original unit behind it.</param>
    /// <param name="end">One past the last original unit behind it.</param>
    public void Append(Rune character, int start, int end)
    {
        Span<char> units = stackalloc char[2];
        Append(units[..character.EncodeToUtf16(units)], start, end);
    }

    /// <summary>Appends units that all stand for the same span.</summary>
    /// <param name="units">The units.</param>
    /// <param name="start">First original unit behind them.</param>
    /// <param name="end">One past the last original unit behind them.</param>
    public void Append(ReadOnlySpan<char> units, int start, int end)
    {
        foreach (var unit in units)
        {
            Append(unit, start, end);
        }
    }

    /// <summary>Appends a stretch of another text as it is.</summary>
    /// <param name="text">The other text.</param>
    /// <param name="start">First unit of the stretch.</param>
    /// <param name="length">Number of units.</param>
    public void Append(AlignedText text, int start, int length)
    {
        if (Length + length > _characters.Length)
        {
            Grow(Length + length);
        }

        text.Characters.Slice(start, length).CopyTo(_characters.AsSpan(Length));
        for (var i = 0; i < length; i++)
        {
            _starts[Length + i] = text.StartOf(start + i);
            _ends[Length + i] = text.EndOf(start + i);
        }

        Length += length;
    }

    /// <summary>The text; the builder must not be used afterwards.</summary>
    /// <returns>The collected text, sharing the builder's memory.</returns>
    public AlignedText ToText() => new(_characters.AsMemory(0, Length), _starts, _ends);

    private void Grow(int needed)
    {
        var capacity = Math.Max(needed, _characters.Length * 2);
        Array.Resize(ref _characters, capacity);
        Array.Resize(ref _starts, capacity);
        Array.Resize(ref _ends, capacity);
    }
}

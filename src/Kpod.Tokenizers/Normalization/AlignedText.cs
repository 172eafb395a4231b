namespace Kpod.Tokenizers.Normalization;

/// <summary>A text on its way to the model, in which every UTF-16 code unit knows the span of the original text that it stands for.</summary>
internal sealed class AlignedText
{
    private readonly ReadOnlyMemory<char> _characters;
    private readonly int _origin;
    private readonly int[]? _starts;
    private readonly int[]? _ends;

    /// <summary>Makes a text that is still the original, unit for unit.</summary>
    /// <param name="characters">A stretch of the original text.</param>
    /// <param name="origin">Where the stretch begins in the original text.</param>
    public AlignedText(ReadOnlyMemory<char> characters, int origin)
    {
        _characters = characters;
        _origin = origin;
    }

    /// <summary>Makes a changed text.</summary>
    /// <param name="characters">The text.</param>
    /// <param name="starts">First original unit of each unit; may be longer than the text from <paramref name="origin"/> on.</param>
    /// <param name="ends">One past the last original unit of each unit.</param>
    /// <param name="origin">Index of the first unit in the two arrays.</param>
    public AlignedText(ReadOnlyMemory<char> characters, int[] starts, int[] ends, int origin = 0)
    {
        _characters = characters;
        _starts = starts;
        _ends = ends;
        _origin = origin;
    }

    /// <summary>Number of UTF-16 code units.</summary>
    public int Length => _characters.Length;

    /// <summary>The text.</summary>
    public ReadOnlySpan<char> Characters => _characters.Span;

    /// <summary>First original unit that stands behind a unit; asked of the first unit of a character.</summary>
    /// <param name="index">A unit of this text.</param>
    /// <returns>A position in the original text.</returns>
    public int StartOf(int index) => _starts is null ? _origin + index : _starts[_origin + index];

    /// <summary>One past the last original unit that stands behind a unit; asked of the last unit of a character.</summary>
    /// <param name="index">A unit of this text.</param>
    /// <returns>A position in the original text.</returns>
    public int EndOf(int index) => _ends is null ? _origin + index + 1 : _ends[_origin + index];

    /// <summary>A stretch of this text, without copying it.</summary>
    /// <param name="start">First unit.</param>
    /// <param name="length">Number of units.</param>
    /// <returns>The stretch with its alignment.</returns>
    public AlignedText Slice(int start, int length) => start == 0 && length == Length
        ? this
        : _starts is null
            ? new AlignedText(_characters.Slice(start, length), _origin + start)
            : new AlignedText(_characters.Slice(start, length), _starts, _ends!, _origin + start);
}

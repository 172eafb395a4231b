using System.Buffers.Binary;

namespace Kpod.Tokenizers.Normalization;

/// <summary>
/// SentencePiece's precompiled character map: a double-array trie over UTF-8 (Darts-clone units) whose values are offsets into a list of
/// NUL-terminated strings. Layout: size of the trie in bytes as 32-bit little-endian, the trie's 32-bit units, the strings.
/// </summary>
internal sealed class PrecompiledCharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _strings;

    /// <summary>Reads a map.</summary>
    /// <param name="bytes">The map; empty: nothing is mapped.</param>
    /// <param name="place">File and key, for errors.</param>
    /// <exception cref="KpodException">The sizes do not fit.</exception>
    public PrecompiledCharacterMap(ReadOnlySpan<byte> bytes, string place)
    {
        if (bytes.IsEmpty)
        {
            (_units, _strings) = ([], []);
            return;
        }

        var size = bytes.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (size == 0 || size % 4 != 0 || size > bytes.Length - 4)
        {
            throw new KpodException($"{place}: the precompiled character map of {bytes.Length} bytes states a trie of {size} bytes; the file is damaged.");
        }

        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + (4 * i))..]);
        }

        _strings = bytes[(int)(4 + size)..].ToArray();
    }

    /// <summary>Looks a text up by its shortest prefix that has an entry, as the reference for <c>tokenizer.json</c> does.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="mapped">What the entry says, UTF-8.</param>
    /// <returns>Whether any prefix has an entry.</returns>
    public bool TryShortest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> mapped) => Find(text, longest: false, out mapped) > 0;

    /// <summary>Looks a text up by its longest prefix that has an entry, as SentencePiece does.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="mapped">What the entry says, UTF-8.</param>
    /// <returns>Length of the prefix in bytes; 0 where none has an entry.</returns>
    public int FindLongest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> mapped) => Find(text, longest: true, out mapped);

    /// <summary>Whether any entry begins with these bytes.</summary>
    /// <param name="start">UTF-8.</param>
    /// <returns>True where there is one.</returns>
    public bool HasPath(ReadOnlySpan<byte> start)
    {
        var node = _units.Length == 0 ? 0 : Offset(_units[0]);
        foreach (var value in start)
        {
            node ^= value;
            if (value == 0 || node >= _units.Length || Label(_units[node]) != value)
            {
                return false;
            }

            node ^= Offset(_units[node]);
        }

        return true;
    }

    private int Find(ReadOnlySpan<byte> text, bool longest, out ReadOnlySpan<byte> mapped)
    {
        mapped = default;
        var length = 0;
        if (_units.Length == 0)
        {
            return 0;
        }

        var node = Offset(_units[0]);
        for (var i = 0; i < text.Length && text[i] != 0; i++)
        {
            node ^= text[i];
            if (node >= _units.Length || Label(_units[node]) != text[i])
            {
                break;
            }

            var unit = _units[node];
            node ^= Offset(unit);
            if (HasValue(unit) && node < _units.Length)
            {
                length = i + 1;
                mapped = StringAt(_units[node] & int.MaxValue);
                if (!longest)
                {
                    break;
                }
            }
        }

        return length;
    }

    private ReadOnlySpan<byte> StringAt(uint offset)
    {
        if (offset >= _strings.Length)
        {
            return default;
        }

        var rest = _strings.AsSpan((int)offset);
        var end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & (1u << 9)) >> 6);

    private static uint Label(uint unit) => unit & ((1u << 31) | 0xFF);

    private static bool HasValue(uint unit) => ((unit >> 8) & 1) == 1;
}

using System.Text;

namespace Kpod.Tokenizers.PieceModels;

/// <summary>Byte-pair encoding over the UTF-8 bytes of a piece (GPT-2, Llama 3, Qwen2, SmolLM2).</summary>
internal sealed class ByteLevelBpe : IPieceModel
{
    private readonly int[] _byteIds = new int[256];
    private readonly MergeTable _merges;
    private readonly Vocabulary _vocabulary;
    private readonly int? _unknownId;
    private readonly bool _fuseUnknown;
    private readonly bool _wholePieceFirst;

    /// <summary>Makes the model.</summary>
    /// <param name="vocabulary">Pieces in the byte-level alphabet.</param>
    /// <param name="merges">The merges by id.</param>
    /// <param name="unknownId">The token of a byte that the vocabulary lacks; null: such a byte is dropped.</param>
    /// <param name="fuseUnknown">Whether neighbouring unknown bytes become one token.</param>
    /// <param name="wholePieceFirst">Whether a piece that is in the vocabulary is that token, whatever the merges say (<c>ignore_merges</c>).</param>
    public ByteLevelBpe(Vocabulary vocabulary, MergeTable merges, int? unknownId, bool fuseUnknown, bool wholePieceFirst)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _unknownId = unknownId;
        _fuseUnknown = fuseUnknown;
        _wholePieceFirst = wholePieceFirst;
        for (var value = 0; value < 256; value++)
        {
            _byteIds[value] = vocabulary.Find(ByteLevelAlphabet.SymbolOf((byte)value).ToString()) ?? -1;
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<PieceToken> Encode(ReadOnlySpan<char> piece, PieceScratch scratch)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, bytes);
        scratch.Reserve(bytes.Length * 2);
        if (_wholePieceFirst && FindWhole(bytes) is { } whole)
        {
            var one = scratch.Tokens(1);
            one[0] = new PieceToken(whole, 0, piece.Length);
            return one;
        }

        LayOutUnits(piece, bytes, scratch);
        var count = BytePairMerger.Merge(_merges, scratch, LayOutSymbols(bytes, scratch));
        var tokens = scratch.Tokens(count);
        for (int i = 0, position = 0; i < count; i++)
        {
            var end = position + scratch.Widths[i];
            tokens[i] = new PieceToken(scratch.Ids[i], scratch.UnitStarts[position], scratch.UnitEnds[end - 1]);
            position = end;
        }

        return tokens;
    }

    private int? FindWhole(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 1024)
        {
            return null;
        }

        Span<char> symbols = stackalloc char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            symbols[i] = ByteLevelAlphabet.SymbolOf(bytes[i]);
        }

        return _vocabulary.Lookup.TryGetValue(symbols, out var id) ? id : null;
    }

    // Positions are counted in UTF-8 bytes of the byte-level spelling, as the reference counts them: that shows where a byte was dropped.
    private static void LayOutUnits(ReadOnlySpan<char> piece, ReadOnlySpan<byte> bytes, PieceScratch scratch)
    {
        var unit = 0;
        for (int start = 0, at = 0; start < piece.Length;)
        {
            var end = start + (char.IsHighSurrogate(piece[start]) ? 2 : 1);
            for (var stop = at + Utf8Length(piece[start]); at < stop; at++)
            {
                for (var width = ByteLevelAlphabet.SymbolWidth(bytes[at]); width > 0; width--)
                {
                    scratch.UnitStarts[unit] = start;
                    scratch.UnitEnds[unit++] = end;
                }
            }

            start = end;
        }
    }

    private static int Utf8Length(char first) => first < 0x80 ? 1 : first < 0x800 ? 2 : char.IsHighSurrogate(first) ? 4 : 3;

    private int LayOutSymbols(ReadOnlySpan<byte> bytes, PieceScratch scratch)
    {
        var count = 0;
        var afterUnknown = false;
        foreach (var value in bytes)
        {
            var id = _byteIds[value];
            if (id < 0 && _unknownId is null)
            {
                continue;
            }

            var width = ByteLevelAlphabet.SymbolWidth(value);
            if (id < 0 && afterUnknown && _fuseUnknown)
            {
                scratch.Widths[count - 1] += width;
                continue;
            }

            afterUnknown = id < 0;
            scratch.Ids[count] = id < 0 ? _unknownId!.Value : id;
            scratch.Widths[count++] = width;
        }

        return count;
    }
}

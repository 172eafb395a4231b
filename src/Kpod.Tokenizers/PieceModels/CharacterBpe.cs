using System.Text;

namespace Kpod.Tokenizers.PieceModels;

/// <summary>Byte-pair encoding over the characters of a piece, with byte fallback (LLaMA's <c>tokenizer.json</c>).</summary>
/// <param name="vocabulary">The pieces.</param>
/// <param name="merges">The merges by id.</param>
/// <param name="options">What happens to unknown characters.</param>
internal sealed class CharacterBpe(Vocabulary vocabulary, MergeTable merges, CharacterBpeOptions options) : IPieceModel
{
    private readonly int[] _byteIds = ByteTokens.IdsIn(vocabulary);

    /// <inheritdoc/>
    public ReadOnlySpan<PieceToken> Encode(ReadOnlySpan<char> piece, PieceScratch scratch)
    {
        if (options.WholePieceFirst && vocabulary.Lookup.TryGetValue(piece, out var whole))
        {
            var one = scratch.Tokens(1);
            one[0] = new PieceToken(whole, 0, piece.Length);
            return one;
        }

        scratch.Reserve(piece.Length * 3);
        LayOutUnits(piece, scratch);
        var count = BytePairMerger.Merge(merges, scratch, LayOutSymbols(piece, scratch));
        var tokens = scratch.Tokens(count);
        for (int i = 0, position = 0; i < count; i++)
        {
            var end = position + scratch.Widths[i];
            tokens[i] = new PieceToken(scratch.Ids[i], scratch.UnitStarts[position], scratch.UnitEnds[end - 1]);
            position = end;
        }

        return tokens;
    }

    // Positions are counted in UTF-8 bytes, as the reference counts them: byte tokens divide a character, dropped characters are not counted.
    private static void LayOutUnits(ReadOnlySpan<char> piece, PieceScratch scratch)
    {
        var unit = 0;
        for (int start = 0, length; start < piece.Length; start += length)
        {
            Rune.DecodeFromUtf16(piece[start..], out var character, out length);
            for (var width = character.Utf8SequenceLength; width > 0; width--)
            {
                scratch.UnitStarts[unit] = start;
                scratch.UnitEnds[unit++] = start + length;
            }
        }
    }

    private int LayOutSymbols(ReadOnlySpan<char> piece, PieceScratch scratch)
    {
        var count = 0;
        var unknownWidth = 0; // of unknown characters that are not laid out yet
        Span<byte> bytes = stackalloc byte[4];
        for (int start = 0, length; start < piece.Length; start += length)
        {
            Rune.DecodeFromUtf16(piece[start..], out var character, out length);
            var width = character.EncodeToUtf8(bytes);
            if (vocabulary.Lookup.TryGetValue(piece.Slice(start, length), out var id))
            {
                count = Add(scratch, count, options.UnknownId ?? 0, ref unknownWidth);
                Add(scratch, count++, id, width);
            }
            else if (options.ByteFallback && HasAll(bytes[..width]))
            {
                // The reference does not lay out waiting unknown characters here, so that they come behind.
                foreach (var value in bytes[..width])
                {
                    Add(scratch, count++, _byteIds[value], 1);
                }
            }
            else if (options.UnknownId is { } unknownId)
            {
                count = options.FuseUnknown ? count : Add(scratch, count, unknownId, ref unknownWidth);
                unknownWidth += width;
            }
        }

        return Add(scratch, count, options.UnknownId ?? 0, ref unknownWidth);
    }

    private bool HasAll(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (_byteIds[value] < 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int Add(PieceScratch scratch, int count, int id, ref int width)
    {
        if (width > 0)
        {
            Add(scratch, count++, id, width);
            width = 0;
        }

        return count;
    }

    private static void Add(PieceScratch scratch, int count, int id, int width)
    {
        scratch.Ids[count] = id;
        scratch.Widths[count] = width;
    }
}

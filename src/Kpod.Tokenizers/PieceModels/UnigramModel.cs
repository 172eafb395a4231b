using System.Text;

namespace Kpod.Tokenizers.PieceModels;

/// <summary>
/// The Unigram model as <c>tokenizer.json</c> has it: the most probable sequence of pieces, scores added in double precision from the start of each
/// piece of text, the first found of equals. A character that no piece covers alone costs the lowest score less ten; neighbouring unknown characters become one token.
/// </summary>
internal sealed class UnigramModel : IPieceModel
{
    private const double UnknownPenalty = 10;
    private readonly PieceTrie _trie;
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int _unknownId;
    private readonly int[]? _byteIds;

    /// <summary>Makes the model.</summary>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="scores">The score of each id.</param>
    /// <param name="unknownId">The token for what no piece covers.</param>
    /// <param name="byteFallback">Whether that is spelt in byte tokens where the vocabulary has them all.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, int unknownId, bool byteFallback)
    {
        _trie = new PieceTrie(scores.Select((_, id) => KeyValuePair.Create(vocabulary.PieceOf(id)!, id)));
        _scores = scores;
        _unknownScore = scores.Min() - UnknownPenalty;
        _unknownId = unknownId;
        _byteIds = byteFallback ? ByteTokens.IdsIn(vocabulary) : null;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<PieceToken> Encode(ReadOnlySpan<char> piece, PieceScratch scratch)
    {
        scratch.Reserve((piece.Length + 1) * 4);
        FindBestPath(piece, scratch);
        return CollectTokens(piece, scratch);
    }

    // Next[end] is where the last piece of the best path to end begins (-1: none yet), Ids[end] its id.
    private void FindBestPath(ReadOnlySpan<char> text, PieceScratch scratch)
    {
        var (best, starts, ids) = (scratch.Scores, scratch.Next, scratch.Ids);
        Array.Fill(starts, -1, 0, text.Length + 1);
        best[0] = 0;
        for (int start = 0, length; start < text.Length; start += length)
        {
            length = char.IsHighSurrogate(text[start]) ? 2 : 1;
            var coversCharacter = false;
            var node = PieceTrie.Root;
            for (var end = start; end < text.Length && (node = _trie.Next(node, text[end])) >= 0;)
            {
                end++;
                var id = _trie.IdAt(node);
                if (id >= 0)
                {
                    Offer(start, end, id, _scores[id]);
                    coversCharacter |= end == start + length;
                }
            }

            if (!coversCharacter)
            {
                Offer(start, start + length, _unknownId, _unknownScore);
            }
        }

        void Offer(int start, int end, int id, double score)
        {
            var sum = score + best[start];
            if (starts[end] < 0 || sum > best[end])
            {
                best[end] = sum;
                starts[end] = start;
                ids[end] = id;
            }
        }
    }

    private ReadOnlySpan<PieceToken> CollectTokens(ReadOnlySpan<char> text, PieceScratch scratch)
    {
        var room = scratch.Tokens((text.Length * 3) + 1);
        var first = room.Length;
        for (var end = text.Length; end > 0;)
        {
            var (start, id) = (scratch.Next[end], scratch.Ids[end]);
            while (id == _unknownId && start > 0 && scratch.Ids[start] == _unknownId)
            {
                start = scratch.Next[start];
            }

            if (id == _unknownId && FallsBack(text[start..end], out var bytes))
            {
                for (var i = bytes.Length - 1; i >= 0; i--)
                {
                    room[--first] = new PieceToken(_byteIds![bytes[i]], start, end);
                }
            }
            else
            {
                room[--first] = new PieceToken(id, start, end);
            }

            end = start;
        }

        return room[first..];
    }

    private bool FallsBack(ReadOnlySpan<char> unknown, out byte[] bytes)
    {
        bytes = [];
        if (_byteIds is null)
        {
            return false;
        }

        bytes = new byte[Encoding.UTF8.GetByteCount(unknown)];
        Encoding.UTF8.GetBytes(unknown, bytes);
        return Array.TrueForAll(bytes, value => _byteIds[value] >= 0);
    }
}

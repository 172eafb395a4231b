using System.Text;
using Kpod.Tokenizers.PieceModels;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>
/// The Unigram model as SentencePiece 0.2.3 computes it: scores are added and compared in single precision over the whole text, and the first found of
/// equals wins.
/// (Up to 0.1.97 candidates were compared in double precision, which decides some runs of dots and dashes otherwise.)
/// </summary>
internal sealed class SentencePieceUnigram : IPieceModel
{
    private const float UnknownPenalty = 10;
    private const double UserDefinedMalus = 0.1;
    private readonly PieceTrie _trie;
    private readonly SentencePieceEntry[] _pieces;
    private readonly float _unknownScore;
    private readonly float _highestScore;
    private readonly int _unknownId;

    /// <summary>Makes the model.</summary>
    /// <param name="model">The file's content.</param>
    public SentencePieceUnigram(SentencePieceModel model)
    {
        _pieces = [.. model.Pieces];
        _trie = new PieceTrie(_pieces.Select((entry, id) => (entry, id)).Where(piece => piece.entry.Type is PieceType.Normal or PieceType.UserDefined)
            .Select(piece => KeyValuePair.Create(piece.entry.Piece, piece.id)));
        var scores = _pieces.Where(entry => entry.Type == PieceType.Normal).Select(entry => entry.Score).DefaultIfEmpty(0).ToList();
        _unknownScore = scores.Min() - UnknownPenalty;
        _highestScore = scores.Max();
        _unknownId = model.UnknownId;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<PieceToken> Encode(ReadOnlySpan<char> piece, PieceScratch scratch)
    {
        scratch.Reserve(piece.Length + 1);
        FindBestPath(piece, scratch);
        var room = scratch.Tokens(piece.Length);
        var first = room.Length;
        for (int end = piece.Length, start; end > 0; end = start)
        {
            start = scratch.Next[end];
            room[--first] = new PieceToken(scratch.Ids[end], start, end);
        }

        return room[first..];
    }

    // Next[end] is where the last piece of the best path to end begins (-1: none yet), Ids[end] its id.
    private void FindBestPath(ReadOnlySpan<char> text, PieceScratch scratch)
    {
        var (best, starts, ids) = (scratch.SingleScores, scratch.Next, scratch.Ids);
        Array.Fill(starts, -1, 0, text.Length + 1);
        best[0] = 0;
        for (int start = 0, length; start < text.Length; start += length)
        {
            length = char.IsHighSurrogate(text[start]) ? 2 : 1;
            var coversCharacter = false;
            var here = best[start];
            var node = PieceTrie.Root;
            for (var end = start; end < text.Length && (node = _trie.Next(node, text[end])) >= 0;)
            {
                end++;
                var id = _trie.IdAt(node);
                if (id < 0)
                {
                    continue;
                }

                var sum = (float)(ScoreOf(id, text[start..end]) + here);
                if (starts[end] < 0 || sum > best[end])
                {
                    (best[end], starts[end], ids[end]) = (sum, start, id);
                }

                coversCharacter |= end == start + length;
            }

            var unknown = _unknownScore + here;
            if (!coversCharacter && (starts[start + length] < 0 || unknown > best[start + length]))
            {
                (best[start + length], starts[start + length], ids[start + length]) = (unknown, start, _unknownId);
            }
        }
    }

    // A user-defined piece always wins: it gets the highest score once for each of its bytes.
    private double ScoreOf(int id, ReadOnlySpan<char> spelling) => _pieces[id].Type == PieceType.UserDefined
        ? (Encoding.UTF8.GetByteCount(spelling) * _highestScore) - UserDefinedMalus
        : _pieces[id].Score;
}

using System.Globalization;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Conversion;

/// <summary>The tokens of a GGUF file: a spelling, a score and a type for each row of the embedding. Rows without a token are filled as llama.cpp's converter fills them.</summary>
internal sealed class GgufTokenList
{
    // What llama.cpp's converter gives tokens that the SentencePiece model does not score.
    private const float NoScore = -1000;

    private readonly string[] _tokens;
    private readonly float[] _scores;
    private readonly int[] _types;

    /// <summary>Makes a list of fillers.</summary>
    /// <param name="rows">Rows of the embedding.</param>
    public GgufTokenList(int rows)
    {
        _tokens = [.. Enumerable.Range(0, rows).Select(id => string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]"))];
        _scores = [.. Enumerable.Repeat(NoScore, rows)];
        _types = [.. Enumerable.Repeat((int)PieceType.Unused, rows)];
    }

    /// <summary>Puts a token in its place.</summary>
    /// <param name="id">Its id, below the number of rows.</param>
    /// <param name="piece">Its spelling.</param>
    /// <param name="type">What it is for.</param>
    /// <param name="score">Its score, where the kind of tokenizer has scores.</param>
    public void Set(int id, string piece, PieceType type, float score = NoScore) => (_tokens[id], _types[id], _scores[id]) = (piece, (int)type, score);

    /// <summary>The keys.</summary>
    /// <param name="withScores">Whether the kind of tokenizer has scores.</param>
    /// <returns>Tokens, scores and types.</returns>
    public IEnumerable<KeyValuePair<string, object>> Keys(bool withScores)
    {
        yield return new(GgufTokenizer.Prefix + "tokens", _tokens);
        if (withScores)
        {
            yield return new(GgufTokenizer.Prefix + "scores", _scores);
        }

        yield return new(GgufTokenizer.Prefix + "token_type", _types);
    }
}

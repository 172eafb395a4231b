using Kpod.Tokenizers;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tests.TokenWeighting;

/// <summary>One token a word, words apart by single spaces; ids 0 to 3 are padding, end, unknown and T5's first sentinel.</summary>
internal sealed class WordTokenizer : ITokenizer
{
    private readonly string[] _pieces;
    private readonly Dictionary<string, int> _ids;

    public WordTokenizer(params IEnumerable<string> words)
    {
        _pieces = ["<pad>", "</s>", "<unk>", "<extra_id_0>", .. words];
        _ids = _pieces.Select((piece, id) => (piece, id)).ToDictionary(pair => pair.piece, pair => pair.id, StringComparer.Ordinal);
    }

    public int VocabularySize => _pieces.Length;

    public int? BeginId => null;

    public int? EndId => 1;

    public int? PadId => 0;

    public int? UnknownId => 2;

    public bool AddsBegin => false;

    public IReadOnlyList<Token> Encode(string text, bool recogniseSpecialTokens = false)
    {
        var tokens = new List<Token>();
        var start = 0;
        foreach (var word in text.Split(' '))
        {
            tokens.Add(new Token(_ids.GetValueOrDefault(word, 2), start, start + word.Length));
            start += word.Length + 1;
        }

        return tokens;
    }

    public string Decode(IReadOnlyList<int> ids) => string.Join(' ', ids.Where(id => id > 3).Select(id => _pieces[id]));

    public string Piece(int id) => _pieces[id];
}

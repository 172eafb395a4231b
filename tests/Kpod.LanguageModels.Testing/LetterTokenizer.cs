using Kpod.Tokenizers;
using Kpod.Tokenizers.Tokens;

namespace Kpod.LanguageModels.Testing;

/// <summary>Spells id n as the character 0x100 + n; id 0 and 1 are special and have no text.</summary>
public sealed class LetterTokenizer : ITokenizer
{
    private const int First = 0x100;

    public int VocabularySize => 1024;

    public int? BeginId => null;

    public int? EndId => 1;

    public int? PadId => 0;

    public int? UnknownId => null;

    public bool AddsBegin => false;

    public IReadOnlyList<Token> Encode(string text, bool recogniseSpecialTokens = false) =>
        [.. text.Select((character, place) => new Token(character - First, place, place + 1))];

    public string Decode(IReadOnlyList<int> ids) => string.Concat(ids.Where(id => id > 1).Select(id => (char)(First + id)));

    public string Piece(int id) => Decode([id]);
}

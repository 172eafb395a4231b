using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.Tests.SentencePiece;

public sealed class SentencePieceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kpod-sentencepiece-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Unigram_takes_the_most_probable_path_joins_unknown_characters_and_never_uses_unused_pieces()
    {
        var tokenizer = Load(SmallSentencePieceModel.Unigram());

        // "▁an" -4 beats "▁a" "n" -8; "▁" "apple" "s" -11 is the only way; "gone" is unused, so g, o, n, e: unknown, unknown, n, e.
        Assert.Equal([5, 3, 6, 7, 3, 2, 8, 10], Ids(tokenizer, "an apples gone"));
        Assert.Equal([new Token(3, 0, 0), new Token(2, 0, 2), new Token(8, 2, 3), new Token(10, 3, 4)], tokenizer.Encode("gone"));
        Assert.Equal("an apples  \u2047 ne", tokenizer.Decode(Ids(tokenizer, "an apples gone")));
        Assert.Equal([5, 1], tokenizer.EncodeWithSpecialTokens("an"));
        Assert.Equal((null, 1, 0, 2, false), (tokenizer.BeginId, tokenizer.EndId, tokenizer.PadId, tokenizer.UnknownId, tokenizer.AddsBegin));
    }

    [Fact]
    public void Spaces_are_collapsed_at_the_ends_and_inside_and_tokens_keep_their_place()
    {
        var tokenizer = Load(SmallSentencePieceModel.Unigram());
        Assert.Equal([new Token(5, 2, 4), new Token(5, 4, 9)], tokenizer.Encode("  an   an  "));
        Assert.Empty(tokenizer.Encode("   "));
        Assert.Empty(tokenizer.Encode(string.Empty));
    }

    [Fact]
    public void User_defined_pieces_are_always_cut_out_whole()
    {
        Assert.Equal([4, 9, 4], Ids(Load(SmallSentencePieceModel.Unigram()), "a<sep> a"));
        var bpe = Load(SmallSentencePieceModel.Bpe());
        var sep = bpe.IdOf("<sep>")!.Value;
        Assert.Equal([bpe.IdOf("▁a")!.Value, sep, bpe.IdOf("an")!.Value], Ids(bpe, "a<sep>an"));
    }

    [Fact]
    public void Bpe_merges_by_score_the_leftmost_of_equals_first()
    {
        var tokenizer = Load(SmallSentencePieceModel.Bpe());

        // "▁a" (-1) goes before "an" (-2), then "▁an" (-3).
        Assert.Equal([tokenizer.IdOf("▁an")!.Value], Ids(tokenizer, "an"));

        // No piece is spelt c, yet it takes part in "bc"; "a" + "bc" makes "abc" where no ▁ takes the a away.
        Assert.Equal([tokenizer.IdOf("▁")!.Value, tokenizer.IdOf("b")!.Value, tokenizer.IdOf("abc")!.Value], Ids(tokenizer, "babc"));
        Assert.Equal([1, tokenizer.IdOf("▁a")!.Value], tokenizer.EncodeWithSpecialTokens("a"));
    }

    [Fact]
    public void Bytes_of_a_character_without_a_piece_share_its_place_at_the_last_of_them()
    {
        var tokenizer = Load(SmallSentencePieceModel.Bpe());
        var mark = tokenizer.IdOf("▁")!.Value;
        Assert.Equal([new Token(mark, 0, 0), new Token(3 + 0xE2, 0, 0), new Token(3 + 0x82, 0, 0), new Token(3 + 0xAC, 0, 1)], tokenizer.Encode("€"));
        Assert.Equal("€", tokenizer.Decode(Ids(tokenizer, "€")));
        Assert.Equal("a\uFFFD\uFFFDa", tokenizer.Decode([tokenizer.IdOf("▁a")!.Value, 3 + 0xE2, 3 + 0x82, tokenizer.IdOf("a")!.Value]));
        var withoutBytes = Load(SmallSentencePieceModel.Bpe(byteFallback: false));
        Assert.Equal([withoutBytes.IdOf("▁")!.Value, 0], Ids(withoutBytes, "€€"));
    }

    [Fact]
    public void Control_pieces_are_text_unless_they_are_asked_for()
    {
        var tokenizer = Load(SmallSentencePieceModel.Unigram());
        Assert.DoesNotContain(1, Ids(tokenizer, "a</s>a"));
        Assert.Equal([4, 1, 4], tokenizer.Encode("a</s>a", recogniseSpecialTokens: true).Select(token => token.Id));
        Assert.Equal("a a", tokenizer.Decode([4, 1, 4]));
        Assert.Equal("a</s> a", tokenizer.Decode([4, 1, 4], keepSpecialTokens: true));
        Assert.True(tokenizer.IsSpecial(1));
        Assert.False(tokenizer.IsSpecial(4));
    }

    [Fact]
    public void Files_beside_a_model_name_its_tokens_and_add_T5s_sentinels()
    {
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"tokenizer_class":"T5Tokenizer","extra_ids":2,"eos_token":{"content":"</s>"},"pad_token":"<pad>","unk_token":"<unk>"}""");
        File.WriteAllText(Path.Combine(_folder, "added_tokens.json"), """{"<more>":15}""");
        File.WriteAllBytes(Path.Combine(_folder, "spiece.model"), SmallSentencePieceModel.Unigram());
        var tokenizer = TokenizerFile.Load(_folder);
        Assert.Equal((13, 14, 15), (tokenizer.IdOf("<extra_id_1>"), tokenizer.IdOf("<extra_id_0>"), tokenizer.IdOf("<more>")));
        Assert.Equal(16, tokenizer.VocabularySize);
        Assert.Equal("<extra_id_0>", tokenizer.Piece(14));
        Assert.Equal([4, 14, 1], tokenizer.EncodeWithSpecialTokens("a<extra_id_0>", recogniseSpecialTokens: true));
    }

    [Fact]
    public void A_lone_surrogate_is_read_as_the_replacement_character()
    {
        var tokenizer = Load(SmallSentencePieceModel.Bpe());
        Assert.Equal(tokenizer.Encode("a\uFFFDb"), tokenizer.Encode("a\uD800b"));
        Assert.Equal(tokenizer.Encode("\uFFFD😀\uFFFD"), tokenizer.Encode("\uDC00😀\uD83D"));
    }

    private static int[] Ids(Tokenizer tokenizer, string text) => [.. tokenizer.Encode(text).Select(token => token.Id)];

    private Tokenizer Load(byte[] model)
    {
        var path = Path.Combine(_folder, "tokenizer.model");
        File.WriteAllBytes(path, model);
        return TokenizerFile.Load(path);
    }
}

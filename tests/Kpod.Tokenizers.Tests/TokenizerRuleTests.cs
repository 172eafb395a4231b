using System.Text;
using Kpod.Tokenizers.ByteLevel;
using Kpod.Tokenizers.Json;
using Kpod.Tokenizers.Normalization;
using Kpod.Tokenizers.PreTokenizers;

namespace Kpod.Tokenizers.Tests;

/// <summary>Rules that the recorded cases hold only by chance or not at all, each worked out by hand or read off the reference.</summary>
public sealed class TokenizerRuleTests
{
    [Theory]
    [InlineData("-2.5", -2.5)]
    [InlineData("0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("1e3", 1000)]
    [InlineData("25e-1", 2.5)]
    [InlineData("1E+2", 100)]
    [InlineData("1e-400", 0)]
    [InlineData("100000000000000000000000", 1e23)]
    [InlineData("0.2500000000000000000000000", 0.25)]
    public void A_score_is_read_as_its_number(string text, double expected) => Assert.Equal(expected, JsonScore.Parse(text));

    // 12130167007446289 needs 54 bits, so the digits are rounded once before the division by 1e15 rounds again.
    [Fact]
    public void A_score_of_seventeen_digits_is_rounded_twice_as_in_the_reference()
    {
        Assert.Equal((double)12130167007446289UL / 1e15, -JsonScore.Parse("-12.130167007446289"));
        Assert.NotEqual(-12.130167007446289, JsonScore.Parse("-12.130167007446289"));
    }

    [Theory]
    [InlineData("e\u0301", "é", 0, 1)]                  // composed: the span of the first character only
    [InlineData("\u0958", "\u0915\u093C", 0, 1, 0, 1)]  // decomposes for good
    [InlineData("a\u0323\u0307", "\u1EA1\u0307", 0, 1, 2, 3)]
    [InlineData("a\u0307\u0323", "\u1EA1\u0307", 0, 1, 2, 3)] // the marks change places, the spans do not
    [InlineData("\u1100\u1161\u11A8", "각", 0, 1)]
    [InlineData("각", "각", 0, 1)]
    [InlineData("\u0301a", "\u0301a", 0, 1, 1, 2)]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", 0, 2, 0, 2, 0, 2, 0, 2)]
    public void Canonical_composition_keeps_the_span_of_the_first(string text, string composed, params int[] spans) =>
        AssertNormalized(UnicodeForm.Nfc, text, composed, spans);

    [Theory]
    [InlineData("ﬁx", "fix", 0, 1, 0, 1, 1, 2)]
    [InlineData("½", "1\u20442", 0, 1, 0, 1, 0, 1)]
    [InlineData("\u32FF", "\u32FF", 0, 1)] // added in Unicode 12.1; the reference knows 9
    public void Compatibility_composition_gives_all_parts_the_span_of_the_whole(string text, string composed, params int[] spans) =>
        AssertNormalized(UnicodeForm.Nfkc, text, composed, spans);

    [Fact]
    public void The_combining_class_of_characters_newer_than_Unicode_9_is_not_known()
    {
        // U+0D3C came with Unicode 10 and would have to go before U+035D.
        AssertNormalized(UnicodeForm.Nfd, "\u00E9\u035D\u0D3C", "e\u0301\u035D\u0D3C", [0, 1, 0, 1, 1, 2, 2, 3]);
    }

    [Fact]
    public void A_run_of_spaces_is_replaced_by_something_with_the_span_of_its_last()
    {
        var text = new SpaceRunNormalizer("▁").Normalize(new AlignedText("a  b c   ".AsMemory(), 10));
        Assert.Equal("a▁b c▁", text.Characters.ToString());
        Assert.Equal([10, 12, 13, 14, 15, 18], Enumerable.Range(0, text.Length).Select(text.StartOf));
    }

    [Theory]
    [InlineData(SplitPatterns.Gpt2, "It's  12 years—'ll 😀𝔘𝟘\t\n x", "It|'s| | 12| years|—'|ll| 😀|𝔘|𝟘|\t\n| x")]
    [InlineData(SplitPatterns.Gpt2, "a   ", "a|   ")]
    [InlineData(SplitPatterns.Gpt2, "'S 'st", "'|S| '|st")]
    [InlineData(SplitPatterns.Llama3, "It'S 1234 years!\r\n\r\n  x'ſ \n 'll", "It|'S| |123|4| years|!\r\n\r\n| | x|'ſ| \n| '|ll")]
    [InlineData(SplitPatterns.Qwen2, "1234\ta", "1|2|3|4|\ta")]
    [InlineData(SplitPatterns.Qwen2, "𝟘𝟙𝔘𠜎 𝔘", "𝟘|𝟙|𝔘𠜎| 𝔘")]
    public void A_split_pattern_cuts_as_its_expression_does(string pattern, string text, string pieces)
    {
        var splitter = new PieceSplitter(SplitPatterns.Find(pattern)!);
        var split = splitter.Split(new SplitText(new AlignedText(text.AsMemory(), 0), [new TextRange(0, text.Length)]));
        Assert.Equal(pieces, string.Join('|', split.Pieces.Select(piece => text[piece.Start..piece.End])));
    }

    [Fact]
    public void Digits_go_by_Unicode_17_and_take_letter_and_other_numbers()
    {
        const string Text = "a12½Ⅷ\U00011DE0b";
        var range = new SplitText(new AlignedText(Text.AsMemory(), 0), [new TextRange(0, Text.Length)]);
        string[] Cut(bool individually) => [.. new DigitSplitter(individually).Split(range).Pieces.Select(piece => Text[piece.Start..piece.End])];
        Assert.Equal(["a", "1", "2", "½", "Ⅷ", "\U00011DE0", "b"], Cut(individually: true));
        Assert.Equal(["a", "12½Ⅷ\U00011DE0", "b"], Cut(individually: false));
    }

    // Read off the reference: of two added tokens of which the first took in white space that the second begins with, the second is kept only if it reaches further.
    [Theory]
    [InlineData("x\n 12", new[] { 100, 0, 1, 101, 1, 3, 102, 2, 5 })]
    [InlineData("x\n\n", new[] { 100, 0, 1, 101, 1, 3 })]
    public void An_added_token_inside_the_white_space_of_another_is_passed_over(string text, int[] expected)
    {
        const string Json = """
            {"added_tokens":[{"id":100,"content":"x"},{"id":101,"content":"\n","rstrip":true,"normalized":false},{"id":102,"content":" 12","normalized":false}],
             "model":{"type":"BPE","vocab":{"a":0},"merges":[]}}
            """;
        var tokenizer = TokenizerJson.Read(LocatedJson.Parse(Encoding.UTF8.GetBytes(Json), "tokenizer.json"), new SpecialTokenNames());
        Assert.Equal(expected, tokenizer.Encode(text).SelectMany(token => new[] { token.Id, token.Start, token.End }));
    }

    [Fact]
    public void An_id_without_a_token_stands_for_nothing_and_has_no_piece()
    {
        var tokenizer = ByteLevelBpeTokenizer.FromVocabulary(ByteLevelBpeTokenizer.ByteSymbols, [], new ByteLevelBpeOptions { Split = ByteLevelSplit.Gpt2 }, "made");
        Assert.Equal("AB", tokenizer.Decode([65, 5000, -1, 66]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Piece(5000));
    }

    [Fact]
    public void Several_threads_may_share_a_tokenizer()
    {
        var tokenizer = ByteLevelBpeTokenizer.FromVocabulary([.. ByteLevelBpeTokenizer.ByteSymbols, "ab", "abc"], ["a b", "ab c"], new ByteLevelBpeOptions { Split = ByteLevelSplit.Gpt2 }, "made");
        var texts = Enumerable.Range(0, 400).Select(i => string.Concat(Enumerable.Repeat("abcab ", i % 7)) + i).ToList();
        var alone = texts.Select(text => tokenizer.Encode(text)).ToList();
        Parallel.For(0, 4, _ => Assert.All(Enumerable.Range(0, texts.Count), i => Assert.Equal(alone[i], tokenizer.Encode(texts[i]))));
    }

    private static void AssertNormalized(UnicodeForm form, string text, string expected, int[] spans)
    {
        var normalized = new UnicodeNormalizer(form).Normalize(new AlignedText(text.AsMemory(), 0));
        Assert.Equal(expected, normalized.Characters.ToString());
        Assert.Equal(spans, Enumerable.Range(0, normalized.Length).SelectMany(i => new[] { normalized.StartOf(i), normalized.EndOf(i) }));
    }
}

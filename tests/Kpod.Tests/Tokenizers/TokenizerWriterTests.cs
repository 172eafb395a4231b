using System.Text.Json;
using Kpod.Testing;
using Kpod.Tokenizers;

namespace Kpod.Tests.Tokenizers;

public sealed class TokenizerWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kpod-tokenizer-writer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(ByteLevelSplit.Gpt2)]
    [InlineData(ByteLevelSplit.DigitsThenGpt2)]
    [InlineData(ByteLevelSplit.Llama3)]
    [InlineData(ByteLevelSplit.Qwen2)]
    public void A_written_byte_level_tokenizer_reads_back_as_made(ByteLevelSplit split)
    {
        string[] pieces = ["<pad>", "<end>", .. ByteLevelBpeTokenizer.ByteSymbols, "Ġa", "Ġan", "12", ByteLevelBpeTokenizer.Spell("é")];
        var bytes = ByteLevelBpeTokenizer.Spell("é");
        (string, string)[] merges = [("Ġ", "a"), ("Ġa", "n"), ("1", "2"), (bytes[..1], bytes[1..])];
        var options = new ByteLevelBpeOptions
        {
            Split = split,
            SpecialTokens = ["<pad>", "<end>"],
            EndToken = "<end>",
            PadToken = "<pad>",
            BeginToken = "<end>",
            AddsBegin = true,
            AddsEnd = true,
        };

        var written = TokenizerWriter.WriteByteLevelBpe(_folder, pieces, merges, options);
        var read = TokenizerFile.Load(_folder);
        var made = ByteLevelBpeTokenizer.FromVocabulary(pieces, [.. merges.Select(merge => $"{merge.Item1} {merge.Item2}")], options, "made");

        foreach (var tokenizer in new[] { written, read, made })
        {
            Assert.Equal(made.Encode("an é 12 cafe\u0301 <end>"), tokenizer.Encode("an é 12 cafe\u0301 <end>"));
            Assert.Equal(made.EncodeWithSpecialTokens("a"), tokenizer.EncodeWithSpecialTokens("a"));
            Assert.Equal((1, 1, 0, null, true), (tokenizer.BeginId, tokenizer.EndId, tokenizer.PadId, tokenizer.UnknownId, tokenizer.AddsBegin));
            Assert.Equal(" an é 12", tokenizer.Decode([.. tokenizer.Encode(" an é 12").Select(token => token.Id), 1]));
        }

        var digits = read.Encode("12").Count;
        Assert.Equal(split is ByteLevelSplit.DigitsThenGpt2 or ByteLevelSplit.Qwen2 ? 2 : 1, digits);
        Assert.Equal(split == ByteLevelSplit.Qwen2 ? 1 : 3, read.Encode("e\u0301").Count);
    }

    [Fact]
    public void A_written_unigram_tokenizer_spells_as_worked_out_by_hand()
    {
        ScoredPiece[] pieces =
        [
            new("<pad>", 0), new("</s>", 0), new("<unk>", 0), new("▁", -2), new("▁an", -3), new("▁apple", -3.5), new("s", -4), new("a", -5), new("n", -5.25), new("▁a", -3.25),
        ];
        var written = TokenizerWriter.WriteUnigram(_folder, pieces, new UnigramOptions());
        var read = TokenizerFile.Load(_folder);
        foreach (var tokenizer in new[] { written, read })
        {
            Assert.Equal([new Token(4, 0, 2), new Token(5, 3, 8), new Token(6, 8, 9), new Token(3, 10, 11), new Token(2, 10, 12)], tokenizer.Encode("an apples\nzz"));
            Assert.Equal([4, 1], tokenizer.EncodeWithSpecialTokens("an"));
            Assert.Equal("an apples", tokenizer.Decode([4, 5, 6, 1, 0]));
            Assert.Equal((null, 1, 0, 2, false), (tokenizer.BeginId, tokenizer.EndId, tokenizer.PadId, tokenizer.UnknownId, tokenizer.AddsBegin));
        }
    }

    [Fact]
    public void Written_files_have_the_keys_of_the_recorded_ones_in_their_order()
    {
        ScoredPiece[] pieces = [new("<pad>", 0), new("</s>", 0), new("<unk>", 0), new("▁", -2)];
        TokenizerWriter.WriteUnigram(_folder, pieces, new UnigramOptions());
        AssertSameShape(SharedFolder.PathOf("fixtures", "tokenizers", "flan-t5", "tokenizer.json"), Path.Combine(_folder, "tokenizer.json"));

        var byteLevel = new ByteLevelBpeOptions { Split = ByteLevelSplit.DigitsThenGpt2, SpecialTokens = ["<end>"] };
        TokenizerWriter.WriteByteLevelBpe(_folder, ["<end>", "Ġ", "a", "Ġa"], [("Ġ", "a")], byteLevel);
        AssertSameShape(SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "tokenizer.json"), Path.Combine(_folder, "tokenizer.json"));
    }

    [Fact]
    public void A_special_token_that_is_no_piece_is_refused_and_nothing_is_written()
    {
        var options = new ByteLevelBpeOptions { Split = ByteLevelSplit.Gpt2, SpecialTokens = ["<end>"] };
        var fault = Assert.Throws<KpodException>(() => TokenizerWriter.WriteByteLevelBpe(_folder, ["a", "b"], [], options));
        Assert.EndsWith("the special token \"<end>\" is not among the 2 pieces.", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static void AssertSameShape(string expected, string actual)
    {
        using var left = JsonDocument.Parse(File.ReadAllBytes(expected));
        using var right = JsonDocument.Parse(File.ReadAllBytes(actual));
        Assert.Equal(Keys(left.RootElement), Keys(right.RootElement));
        foreach (var part in new[] { "model", "pre_tokenizer", "post_processor", "decoder" })
        {
            Assert.Equal(Keys(left.RootElement.GetProperty(part)), Keys(right.RootElement.GetProperty(part)));
        }

        Assert.Equal(Keys(left.RootElement.GetProperty("added_tokens")[0]), Keys(right.RootElement.GetProperty("added_tokens")[0]));
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().Select(member => member.Name) : [];
}

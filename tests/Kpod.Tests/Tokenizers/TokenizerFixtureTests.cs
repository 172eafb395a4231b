using System.Text.Json;
using System.Text.Json.Nodes;
using Kpod.Testing;
using Kpod.Tokenizers;
using Kpod.Tokenizers.Json;

namespace Kpod.Tests.Tokenizers;

public sealed class TokenizerFixtureTests
{
    public static TheoryData<string, string, int> Folders => new()
    {
        { "smollm2", "models/SmolLM2-135M-Instruct", 794 },
        { "flan-t5", "fixtures/tokenizers/flan-t5", 794 },
        { "llama", "fixtures/tokenizers/llama", 794 },
        { "llama3-style", "fixtures/tokenizers/llama3-style", 639 },
        { "qwen2-style", "fixtures/tokenizers/qwen2-style", 639 },
        { "unigram-small", "fixtures/tokenizers/unigram-small", 639 },
        { "bpe-fallback-small", "fixtures/tokenizers/bpe-fallback-small", 639 },
        { "bytelevel-trim", "fixtures/tokenizers/bytelevel-trim", 344 },
    };

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_case_of_a_tokenizer_json_agrees_with_the_reference(string folder, string model, int count)
    {
        var cases = TokenizerCase.ReadAll(folder, "cases.jsonl");
        Assert.Equal(count, cases.Count);
        CaseComparison.AssertNoDifference(TokenizerFile.Load(SharedFolder.PathOf(model)), cases);
    }

    [Theory]
    [InlineData("flan-t5", "spiece.model")]
    [InlineData("llama", "tokenizer.model")]
    public void Every_case_of_a_SentencePiece_model_agrees_with_the_reference(string folder, string file)
    {
        var fast = TokenizerCase.ReadAll(folder, "cases.jsonl");
        var cases = TokenizerCase.ReadAll(folder, "sentencepiece.jsonl").Zip(fast, (own, other) => own with { Ids = own.Same ? other.Ids : own.Ids }).ToList();
        Assert.Equal(794, cases.Count);
        Assert.Equal(fast.Select(one => one.Text), cases.Select(one => one.Text));
        CaseComparison.AssertNoDifference(TokenizerFile.Load(SharedFolder.PathOf("tokenizers", folder, file)), cases, recogniseSpecialTokens: false);
    }

    [Theory]
    [InlineData("nonlegacy")]
    [InlineData("normalized-specials")]
    public void Every_case_of_a_LLaMA_variant_agrees_with_the_reference(string variant)
    {
        var cases = TokenizerCase.ReadAll("llama", "variants", $"{variant}.cases.jsonl");
        Assert.Equal(161, cases.Count);
        var root = JsonNode.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "tokenizers", "llama", "tokenizer.json")))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "tokenizers", "llama", "variants", $"{variant}.json")))!.AsObject())
        {
            root[key] = value?.DeepClone();
        }

        var tokenizer = TokenizerJson.Read(LocatedJson.Parse(JsonSerializer.SerializeToUtf8Bytes(root), variant), new SpecialTokenNames());
        CaseComparison.AssertNoDifference(tokenizer, cases);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Streamed_chunks_agree_with_the_reference_and_end_at_the_whole_text(string folder, string model, int count)
    {
        Assert.True(count > 0);
        var tokenizer = TokenizerFile.Load(SharedFolder.PathOf(model));
        var rows = StreamingCase.ReadAll(folder, "streaming.jsonl");
        Assert.Equal(24, rows.Count);
        foreach (var row in rows)
        {
            var stream = new StreamingDecoder(tokenizer);
            Assert.Equal(row.Chunks, row.Ids.Select(id => stream.Append(id) is { Length: > 0 } chunk ? chunk : null));
            Assert.Equal(row.Shown, stream.Shown);
            Assert.Equal(row.Decoded, tokenizer.Decode(row.Ids));
            var rest = stream.Finish();
            Assert.True(row.Decoded == row.Shown + rest || !row.Decoded.StartsWith(row.Shown, StringComparison.Ordinal), row.Decoded);
        }
    }
}

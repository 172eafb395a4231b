using System.Text.Json;
using System.Text.Json.Nodes;
using Kpod.Testing;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.Json;

namespace Kpod.Tokenizers.Tests;

public sealed class TokenizerFixtureTests
{
    [Theory]
    [InlineData("smollm2", "models/SmolLM2-135M-Instruct", 794)]
    [InlineData("flan-t5", "fixtures/tokenizers/flan-t5", 794)]
    [InlineData("llama", "fixtures/tokenizers/llama", 794)]
    [InlineData("llama3-style", "fixtures/tokenizers/llama3-style", 639)]
    [InlineData("qwen2-style", "fixtures/tokenizers/qwen2-style", 639)]
    [InlineData("unigram-small", "fixtures/tokenizers/unigram-small", 639)]
    [InlineData("bpe-fallback-small", "fixtures/tokenizers/bpe-fallback-small", 639)]
    [InlineData("bytelevel-trim", "fixtures/tokenizers/bytelevel-trim", 344)]
    public void Ids_offsets_and_texts_of_a_tokenizer_json_are_the_reference_s(string folder, string model, int count) =>
        CaseComparison.AssertNoDifference(TokenizerFile.Load(SharedFolder.PathOf(model)), count, folder, "cases.jsonl");

    [Theory]
    [InlineData("nonlegacy")]
    [InlineData("normalized-specials")]
    public void Every_case_of_a_LLaMA_variant_agrees_with_the_reference(string variant)
    {
        var root = JsonNode.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "tokenizers", "llama", "tokenizer.json")))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "tokenizers", "llama", "variants", $"{variant}.json")))!.AsObject())
        {
            root[key] = value?.DeepClone();
        }

        var tokenizer = TokenizerJson.Read(LocatedJson.Parse(JsonSerializer.SerializeToUtf8Bytes(root), variant), new SpecialTokenNames());
        CaseComparison.AssertNoDifference(tokenizer, 161, "llama", "variants", $"{variant}.cases.jsonl");
    }
}

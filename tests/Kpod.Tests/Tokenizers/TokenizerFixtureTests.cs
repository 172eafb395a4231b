using Kpod.Testing;
using Kpod.Tokenizers;

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
}

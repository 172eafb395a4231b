using Kpod.Testing;

namespace Kpod.Verification.Tests;

public sealed class TokenizerVerificationTests
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
        var report = Verifier.Tokenizer(SharedFolder.PathOf(model), SharedFolder.PathOf("fixtures", "tokenizers", folder, "cases.jsonl"), VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.Equal(["decoded", "decoded_keep_special", "ids", "ids_special", "ids_specials_as_text", "offsets_cp", "offsets_utf16"], report.Checks.Select(check => check.Name).Order(StringComparer.Ordinal));
        Assert.All(report.Checks, check => Assert.Equal(count, check.Values));
    }

    [Theory]
    [InlineData("flan-t5", "spiece.model")]
    [InlineData("llama", "tokenizer.model")]
    public void Every_case_of_a_SentencePiece_model_agrees_with_the_reference(string folder, string file)
    {
        var report = Verifier.Tokenizer(SharedFolder.PathOf("tokenizers", folder, file), SharedFolder.PathOf("fixtures", "tokenizers", folder, "sentencepiece.jsonl"), VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.Equal(["ids", "offsets_utf16", "decoded"], report.Checks.Select(check => check.Name));
        Assert.All(report.Checks, check => Assert.Equal(794, check.Values));
        Assert.Empty(report.NotChecked);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Streamed_chunks_agree_with_the_reference_and_end_at_the_whole_text(string folder, string model, int count)
    {
        Assert.True(count > 0);
        var report = Verifier.Tokenizer(SharedFolder.PathOf(model), SharedFolder.PathOf("fixtures", "tokenizers", folder, "streaming.jsonl"), VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.Equal(["chunks", "shown", "decoded", "shown to the end", "text_after"], report.Checks.Select(check => check.Name));
        Assert.All(report.Checks, check => Assert.InRange(check.Values, 20, 24));
    }
}

using System.Text.Json;
using Kpod.Testing;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Tests.Files;

public sealed class GgufTokenizerTests
{
    [Fact]
    public void Metadata_of_SmolLM2_makes_the_same_tokenizer_as_its_tokenizer_json()
    {
        CaseComparison.AssertNoDifference(GgufTokenizer.Create(SmolLm2Metadata(), "model.gguf"), 794, "smollm2", "cases.jsonl");
    }

    [Theory]
    [InlineData("flan-t5", "spiece.model", "t5")]
    [InlineData("llama", "tokenizer.model", "llama")]
    public void Metadata_of_a_SentencePiece_model_makes_the_same_tokenizer_as_the_model(string folder, string file, string name)
    {
        var path = SharedFolder.PathOf("tokenizers", folder, file);
        var model = SentencePieceModelFile.Read(path);
        var metadata = new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = name,
            ["tokenizer.ggml.tokens"] = model.Pieces.Select(entry => entry.Piece).ToArray(),
            ["tokenizer.ggml.scores"] = model.Pieces.Select(entry => entry.Score).ToArray(),
            ["tokenizer.ggml.token_type"] = model.Pieces.Select(entry => (int)entry.Type).ToArray(),
            ["tokenizer.ggml.remove_extra_whitespaces"] = model.RemovesExtraSpaces,
            ["tokenizer.ggml.precompiled_charsmap"] = model.CharacterMap,
            ["tokenizer.ggml.eos_token_id"] = name == "t5" ? 1u : 2u,
        };
        if (name == "llama")
        {
            metadata["tokenizer.ggml.bos_token_id"] = 1u;
        }

        var (expected, actual) = (TokenizerFile.Load(path), GgufTokenizer.Create(metadata, "model.gguf"));
        foreach (var one in TokenizerCase.ReadAll(folder, "cases.jsonl"))
        {
            Assert.Equal(expected.Encode(one.Text), actual.Encode(one.Text));
            Assert.Equal(expected.EncodeWithSpecialTokens(one.Text), actual.EncodeWithSpecialTokens(one.Text));
            Assert.Equal(expected.Decode(one.Ids!), actual.Decode(one.Ids!));
        }
    }

    [Fact]
    public void Special_ids_come_from_the_metadata()
    {
        var tokenizer = GgufTokenizer.Create(SmolLm2Metadata(), "model.gguf");
        Assert.Equal((1, 2, 2, 0), (tokenizer.BeginId, tokenizer.EndId, tokenizer.PadId, tokenizer.UnknownId));
        Assert.False(tokenizer.AddsBegin);
        Assert.Equal(49152, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("tokenizer.ggml.pre", "bloom", "model.gguf: tokenizer.ggml.pre is \"bloom\"; implemented are smollm, gpt-2, llama-bpe and qwen2.")]
    [InlineData("tokenizer.ggml.model", "rwkv", "model.gguf: tokenizer.ggml.model is \"rwkv\"; implemented are gpt2, llama and t5.")]
    [InlineData("tokenizer.ggml.eos_token_id", 49152, "model.gguf: the key tokenizer.ggml.eos_token_id is 49152; it must be an id from 0 to 49151.")]
    [InlineData("tokenizer.ggml.merges", "x", "model.gguf: the key tokenizer.ggml.merges holds String, it must hold String[].")]
    public void A_wrong_value_is_named(string key, object value, string message)
    {
        var metadata = SmolLm2Metadata();
        metadata[key] = value;
        Assert.Equal(message, Assert.Throws<KpodException>(() => GgufTokenizer.Create(metadata, "model.gguf")).Message);
    }

    // The GGUF from which the fixtures' tokenizer.json was made, taken apart again.
    private static Dictionary<string, object> SmolLm2Metadata()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "tokenizer.json")));
        var model = document.RootElement.GetProperty("model");
        var pieces = model.GetProperty("vocab").EnumerateObject().OrderBy(piece => piece.Value.GetInt32()).Select(piece => piece.Name).ToArray();
        var control = document.RootElement.GetProperty("added_tokens").EnumerateArray().Select(token => token.GetProperty("content").GetString()!).ToHashSet();
        return new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "gpt2",
            ["tokenizer.ggml.pre"] = "smollm",
            ["tokenizer.ggml.tokens"] = pieces,
            ["tokenizer.ggml.token_type"] = pieces.Select(piece => control.Contains(piece) ? 3 : 1).ToArray(),
            ["tokenizer.ggml.merges"] = model.GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!).ToArray(),
            ["tokenizer.ggml.bos_token_id"] = 1u,
            ["tokenizer.ggml.eos_token_id"] = 2u,
            ["tokenizer.ggml.padding_token_id"] = 2u,
            ["tokenizer.ggml.unknown_token_id"] = 0u,
            ["tokenizer.ggml.add_bos_token"] = false,
        };
    }
}

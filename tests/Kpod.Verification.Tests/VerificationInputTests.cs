using System.Text.Json.Nodes;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.Verification.Tests;

/// <summary>What may be wrong with recordings themselves: each gets one message that names file and place.</summary>
public sealed class VerificationInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Paths_that_lead_nowhere_are_named()
    {
        var options = VerificationAssert.Options;
        var model = SharedFolder.PathOf("fixtures", "models", "mistral");
        Refuses("nowhere: there is no such model", () => Verifier.Model("nowhere", null, null, options));
        Refuses("nowhere: there is no such folder of recorded numbers", () => Verifier.Model(model, "nowhere", null, options));
        Refuses("nowhere.gguf: there is no such model", () => Verifier.Model(model, null, "nowhere.gguf", options));
        Refuses("records nothing to compare with; looked for reference.safetensors", () => Verifier.Model(model, _folder.FullPath, null, options));
        Refuses("missing.json: cannot be read", () => Verifier.Model(SharedFolder.PathOf("fixtures", "gguf", "models", "mistral-F32.gguf"), "missing.json", null, options));
        Refuses("nowhere: cannot be read", () => Verifier.Tokenizer("nowhere", "nowhere.jsonl", options));
        Refuses("nowhere.jsonl: cannot be read", () => Verifier.Tokenizer(SharedFolder.PathOf("fixtures", "tokenizers", "unigram-small"), "nowhere.jsonl", options));
        Refuses("nowhere.jsonl: cannot be read", () => Verifier.Answers("nowhere.jsonl", options));
        Refuses("nowhere: there is no such folder", () => Verifier.Schedule("nowhere", options));
        Refuses("holds neither ftgp.json nor schedule.json", () => Verifier.Schedule(_folder.FullPath, options));
        Refuses("holds no TYPE.safetensors", () => Verifier.Blocks(_folder.FullPath, options));
        Refuses("holds no expected.json", () => Verifier.BrokenFiles(_folder.FullPath, options));
        Refuses("the tolerance is -1", () => Verifier.Answers("nowhere.jsonl", options with { Tolerance = -1 }));
    }

    [Theory]
    [InlineData("labels", "has no tensor 'labels'")]
    [InlineData("attention_mask", "has no tensor 'attention_mask'")]
    [InlineData("greedy_prompt_ids", "has no tensor 'greedy_prompt_ids'")]
    public void A_tensor_that_a_recorded_result_needs_is_named(string name, string message)
    {
        using var copy = new RecordedFolder(SharedFolder.PathOf("fixtures", "models", "mistral"));
        copy.Replace("reference.safetensors", name, null);
        Refuses(message, () => Verifier.Model(SharedFolder.PathOf("fixtures", "models", "mistral"), copy.FullPath, null, VerificationAssert.Options));
    }

    [Fact]
    public void A_tensor_with_what_it_cannot_hold_is_named_with_the_place()
    {
        using var scope = torch.NewDisposeScope();
        var model = SharedFolder.PathOf("fixtures", "models", "mistral");
        foreach (var (name, replacement, message) in new (string, torch.Tensor, string)[]
        {
            ("input_ids", torch.full(3, 4, 100_000, dtype: torch.ScalarType.Int64), "holds 100000 in row 0, column 0; it must lie in 0 to"),
            ("input_ids", torch.ones(3, 4), "must hold whole numbers"),
            ("input_ids", torch.ones(3, dtype: torch.ScalarType.Int64), "has the shape [3]; it must be (sequences, tokens)"),
            ("attention_mask", torch.ones(3, 4, dtype: torch.ScalarType.Int64), "does not have the shape of input_ids"),
            ("token_weights", torch.ones(3, 4), "has the shape [3, 4]; it must be that of labels"),
            ("logits", torch.ones(3, 4, dtype: torch.ScalarType.Int64), "must hold floating-point numbers"),
            ("greedy_prompt_mask", torch.zeros(3, 12, dtype: torch.ScalarType.Int64), "greedy_prompt_mask"),
        })
        {
            using var copy = new RecordedFolder(model);
            copy.Replace("reference.safetensors", name, replacement);
            Refuses(message, () => Verifier.Model(model, copy.FullPath, null, VerificationAssert.Options));
        }
    }

    [Theory]
    [InlineData("{\"text\": \"a\"", "lines.jsonl, line 1: is not valid JSON")]
    [InlineData("[1]", "lines.jsonl, line 1: must hold a JSON object")]
    [InlineData("{\"text\": 3, \"ids\": []}", "lines.jsonl, line 1, text: is 3; it must be a text")]
    [InlineData("{\"text\": \"a\"}", "lines.jsonl, line 1: lacks the key 'ids'")]
    [InlineData("{\"text\": \"a\", \"ids\": [1, \"b\"]}", "lines.jsonl, line 1, ids[1]: is \"b\"; it must be a whole number")]
    [InlineData("{\"text\": \"a\", \"ids\": [-1]}", "lines.jsonl, line 1, ids: holds -1")]
    [InlineData("{\"text\": \"\\ud800\", \"ids\": []}", "lines.jsonl, line 1, text: holds half a surrogate pair")]
    [InlineData("", "lines.jsonl: holds no case")]
    public void A_malformed_case_of_a_tokenizer_is_named_with_its_line(string line, string message)
    {
        var tokenizer = SharedFolder.PathOf("fixtures", "tokenizers", "unigram-small");
        Refuses(message, () => Verifier.Tokenizer(tokenizer, Write(line), VerificationAssert.Options));
    }

    [Theory]
    [InlineData("{\"text\": \"a\", \"extracted\": \"1\"}", "line 1: lacks the key 'gold'")]
    [InlineData("{\"text\": \"a\"}", "line 1: has neither 'extracted' nor 'strict'")]
    [InlineData("{\"text\": \"a\", \"strict\": \"1\", \"strict_match\": \"yes\"}", "line 1, strict_match: is \"yes\"; it must be a number")]
    public void A_malformed_case_of_an_answer_is_named_with_its_line(string line, string message) =>
        Refuses(message, () => Verifier.Answers(Write(line), VerificationAssert.Options));

    [Theory]
    [InlineData("visit_order", "[0, 0]")]
    [InlineData("cluster", "[99]")]
    [InlineData("epsilon", "7")]
    [InlineData("cost", "\"all\"")]
    public void A_malformed_selection_is_named_by_its_number(string key, string value)
    {
        using var copy = new RecordedFolder(SharedFolder.PathOf("fixtures", "schedule"));
        copy.AlterJson("ftgp.json", root => root[3]![key] = JsonNode.Parse(value));
        Refuses("ftgp.json[3]", () => Verifier.Schedule(copy.FullPath, VerificationAssert.Options));
    }

    [Theory]
    [InlineData("visit_order", "[0, 0]", "schedule.json[1], stages[0], visit_order: does not name each of the")]
    [InlineData("T", "0", "stages is 0")]
    [InlineData("cluster", "[7]", "schedule.json[1]")]
    public void A_malformed_schedule_is_named_by_its_number(string key, string value, string message)
    {
        using var copy = new RecordedFolder(SharedFolder.PathOf("fixtures", "schedule"));
        copy.AlterJson("schedule.json", root => (key == "visit_order" ? root[1]!["stages"]![0]! : root[1]!)[key] = JsonNode.Parse(value));
        Refuses(message, () => Verifier.Schedule(copy.FullPath, VerificationAssert.Options));
    }

    [Theory]
    [InlineData("rationale_ids", "[]", "examples[1]: needs at least one token")]
    [InlineData("prompt_ids", "[9999]", "prompt_ids[0]: is 9999; it must be a token id from 0 to 255")]
    [InlineData("token_weights", "[0.5]", "token_weights: has 1 weights")]
    [InlineData("steps", "[[0, 3], [2, 5]]", "steps[1]: is no interval")]
    [InlineData("steps", "[[0, 300]]", "steps[0]: is no interval")]
    public void A_malformed_example_of_kpod_json_is_named(string key, string value, string message)
    {
        var model = SharedFolder.PathOf("fixtures", "models", "llama-gqa-tied");
        File.Copy(Path.Combine(model, "kpod.json"), _folder.PathOf("kpod.json"));
        var root = JsonNode.Parse(File.ReadAllText(_folder.PathOf("kpod.json")))!;
        root["examples"]![1]![key] = JsonNode.Parse(value);
        File.WriteAllText(_folder.PathOf("kpod.json"), root.ToJsonString());
        Refuses(message, () => Verifier.Model(model, _folder.FullPath, null, VerificationAssert.Options));
    }

    [Fact]
    public void A_damaged_adapter_is_a_fault_and_not_something_left_unchecked()
    {
        using var copy = new RecordedFolder(SharedFolder.PathOf("fixtures", "models", "llama-mha-untied"));
        copy.AlterJson("lora-rslora/adapter_config.json", root => root["r"] = 5);
        Refuses("lora_A.weight' has the shape", () => Verifier.Model(SharedFolder.PathOf("fixtures", "models", "llama-mha-untied"), copy.FullPath, null, VerificationAssert.Options));
        copy.AlterJson("lora-rslora/adapter_config.json", root => root["r"] = "four");
        Refuses("r is \"four\"", () => Verifier.Model(SharedFolder.PathOf("fixtures", "models", "llama-mha-untied"), copy.FullPath, null, VerificationAssert.Options));
    }

    private string Write(string line)
    {
        File.WriteAllText(_folder.PathOf("lines.jsonl"), line + "\n");
        return _folder.PathOf("lines.jsonl");
    }

    private static void Refuses(string message, Action verify) => Assert.Contains(message, Assert.Throws<KpodException>(verify).Message, StringComparison.Ordinal);
}

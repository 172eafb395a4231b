using System.Text.Json.Nodes;
using Kpod.Testing;

namespace Kpod.Verification.Tests;

/// <summary>Recorded cases of tokenizers, answers and schedules, and what happens when one of them is off.</summary>
public sealed class CaseVerificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text", "ids", "offsets_utf16", "offsets_cp", "decoded", "ids_special", "decoded_keep_special", "ids_specials_as_text")]
    [InlineData("ids", "ids", "decoded", "ids_specials_as_text", "decoded_keep_special")]
    [InlineData("offsets_utf16", "offsets_utf16")]
    [InlineData("offsets_cp", "offsets_cp")]
    [InlineData("ids_special", "ids_special")]
    [InlineData("decoded", "decoded", "decoded_keep_special")]
    public void An_altered_case_of_a_tokenizer_is_found(string field, params string[] kinds)
    {
        var tokenizer = SharedFolder.PathOf("fixtures", "tokenizers", "bpe-fallback-small");
        var path = Lines(Path.Combine(tokenizer, "cases.jsonl"), 12, 4, line => line[field] = Altered(line[field]!));
        var report = Verifier.Tokenizer(tokenizer, path, VerificationAssert.Options);

        // The whole text altered changes the counts of everything; one field that kind alone, and those for which it stands.
        Assert.Empty(report.Checks.Where(check => !check.Passed).Select(check => check.Name).Except(kinds));
        Assert.Contains(report.Checks, check => !check.Passed && check.Name == (field == "text" ? "ids" : field) && check.Detail!.StartsWith("1 of 12 differ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("chunks")]
    [InlineData("shown")]
    [InlineData("decoded", "shown to the end")]
    [InlineData("text_after")]
    public void An_altered_stream_is_found(string field, params string[] alsoIn)
    {
        var tokenizer = SharedFolder.PathOf("fixtures", "tokenizers", "unigram-small");
        var path = Lines(Path.Combine(tokenizer, "streaming.jsonl"), 24, 3, line => line[field] = Altered(line[field]!));
        var report = Verifier.Tokenizer(tokenizer, path, VerificationAssert.Options);
        VerificationAssert.FailsIn(report, [.. alsoIn.Append(field).Select(name => $"lines.jsonl: {name}")]);
    }

    [Fact]
    public void Cases_of_SentencePiece_find_equal_ids_beside_them_or_say_so()
    {
        var model = SharedFolder.PathOf("tokenizers", "llama", "tokenizer.model");
        var folder = SharedFolder.PathOf("fixtures", "tokenizers", "llama");
        var path = Lines(Path.Combine(folder, "sentencepiece.jsonl"), 40, 5, _ => { });
        var without = Verifier.Tokenizer(model, path, VerificationAssert.Options);
        Assert.True(without.Passed);
        Assert.Contains(without.NotChecked, item => item.Name == "ids");
        File.Copy(Path.Combine(folder, "cases.jsonl"), _folder.PathOf("cases.jsonl"));
        var with = Verifier.Tokenizer(model, path, VerificationAssert.Options);
        VerificationAssert.Passes(with);
        Assert.Empty(with.NotChecked);
        Assert.Equal(40, with.Checks.Single(check => check.Name == "ids").Values);
    }

    [Fact]
    public void An_altered_conversation_is_found()
    {
        var source = SharedFolder.PathOf("fixtures", "tokenizers", "chat_templates", "cases.jsonl");
        var path = Lines(source, 10, 6, line => line["expected"] = line["expected"]!.GetValue<string>() + " ");
        VerificationAssert.FailsIn(Verifier.Chats(path, DateTimeOffset.UnixEpoch, VerificationAssert.Options), "lines.jsonl: expected");
        path = Lines(source, 10, 6, line => (line["expected"], line["error"]) = (null, new JsonObject { ["kind"] = "UndefinedError", ["message"] = "no" }));
        VerificationAssert.FailsIn(Verifier.Chats(path, DateTimeOffset.UnixEpoch, VerificationAssert.Options), "lines.jsonl: expected", "lines.jsonl: error");
    }

    [Theory]
    [InlineData("cases.jsonl", 310, "extracted", "is_correct")]
    [InlineData("gsm8k_cases.jsonl", 335, "strict", "strict_match", "flexible", "flexible_match", "cot_strict", "cot_strict_match")]
    public void Answers_are_extracted_and_judged_as_recorded_and_an_altered_case_is_found(string file, int count, params string[] fields)
    {
        var source = SharedFolder.PathOf("fixtures", "tokenizers", "answers", file);
        var report = Verifier.Answers(source, VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.Equal(fields, report.Checks.Select(check => check.Name));
        Assert.All(report.Checks, check => Assert.Equal(count, check.Values));
        foreach (var field in fields)
        {
            var path = Lines(source, 20, 7, line => line[field] = line[field] is JsonValue value && value.TryGetValue<bool>(out var flag) ? !flag
                : line[field] is JsonValue number && number.TryGetValue<double>(out var match) ? 1 - match : "17.5");
            VerificationAssert.FailsIn(Verifier.Answers(path, VerificationAssert.Options), $"lines.jsonl: {field}");
        }
    }

    [Fact]
    public void Schedules_come_out_as_recorded_and_altered_ones_are_found()
    {
        var source = SharedFolder.PathOf("fixtures", "schedule");
        var report = Verifier.Schedule(source, VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.Equal(48, report.Checks.Single(check => check.Name == "selected").Values);
        using var copy = new RecordedFolder(source);
        copy.AlterJson("ftgp.json", root =>
        {
            root[5]!["value"] = root[5]!["value"]!.GetValue<double>() + 1e-6;
            root[6]!["cost_of_selected"] = root[6]!["cost_of_selected"]!.GetValue<double>() + 1e-6;
            root[7]!["selected"]!.AsArray().Add(0);
            root.AsArray().First(problem => problem!["optimum"] is not null && problem["epsilon"]!.GetValue<double>() < 0.4)!["optimum"] = 1e6;
        });
        copy.AlterJson("schedule.json", root =>
        {
            root[2]!["u"] = root[2]!["u"]!.GetValue<double>() * (1 + 1e-7);
            root[2]!["initial_given_steps"]![4] = 9;
            root[3]!["stages"]![1]!["ceiling"] = 1;
            root[3]!["stages"]![1]!["difficulty"] = 1;
            root[3]!["stages"]![1]!["selected"]!.AsArray().RemoveAt(0);
            root[3]!["stages"]![1]!["given_steps"]![0] = 9;
            root[3]!["maximum_difficulty"] = 1;
            root[3]!["initial_difficulty"] = 1;
        });
        VerificationAssert.FailsIn(
            Verifier.Schedule(copy.FullPath, VerificationAssert.Options),
            "ftgp.json: value", "ftgp.json: cost_of_selected", "ftgp.json: selected", "ftgp.json: within 1/2 - epsilon of the optimum",
            "schedule.json: [2] u", "schedule.json: [2] initial_given_steps", "schedule.json: [3] ceiling", "schedule.json: [3] difficulty", "schedule.json: [3] selected", "schedule.json: [3] given_steps",
            "schedule.json: [3] maximum_difficulty", "schedule.json: [3] initial_difficulty");
    }

    // The first lines of a file, one of them altered.
    private string Lines(string source, int count, int altered, Action<JsonNode> alter)
    {
        var lines = File.ReadAllText(source).Split('\n', StringSplitOptions.RemoveEmptyEntries)[..count];
        var node = JsonNode.Parse(lines[altered])!;
        alter(node);
        lines[altered] = node.ToJsonString();
        File.WriteAllText(_folder.PathOf("lines.jsonl"), string.Join('\n', lines) + "\n");
        return _folder.PathOf("lines.jsonl");
    }

    private static JsonNode Altered(JsonNode value) => value is JsonArray list ? WithOtherEnd(list) : JsonValue.Create(value.GetValue<string>() + " altered");

    private static JsonArray WithOtherEnd(JsonArray list)
    {
        var copy = list.DeepClone().AsArray();
        copy[^1] = copy[^1] is JsonArray pair ? new JsonArray(pair[0]!.GetValue<int>(), pair[1]!.GetValue<int>() + 1)
            : copy[^1] is JsonValue number && number.TryGetValue<int>(out var id) ? id - 1 : "altered";
        return copy;
    }
}

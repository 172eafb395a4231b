using System.Text.Json;
using Kpod.Datasets.Records;

namespace Kpod.Datasets.Formats;

/// <summary>
/// Conversations: ShareGPT (<c>conversations</c> of <c>from</c> and <c>value</c>), chat messages (<c>messages</c> of <c>role</c> and <c>content</c>), and a <c>prompt</c> with its <c>completion</c>. The first
/// thing that a person says is the question, what is answered to it the rationale, which ends in the answer.
/// </summary>
internal sealed class ConversationQuestions
{
    private static readonly string[] People = ["user", "human", "prompter"];
    private static readonly string[] Models = ["assistant", "gpt", "model", "chatgpt", "bot"];
    private static readonly string[] CompletionKeys = ["completion", "response", "output", "chosen"];

    private readonly string _path;
    private readonly SplitFindings _findings;

    /// <summary>Prepares to read the records of a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="findings">Takes what is not read.</param>
    public ConversationQuestions(string path, SplitFindings findings)
    {
        _path = path;
        _findings = findings;
    }

    /// <summary>Reads a record of ShareGPT.</summary>
    public DatasetRecord ShareGpt(JsonElement record, string fallbackId) => Read(RecordElement.Object(record), "conversations", "from", "value", fallbackId);

    /// <summary>Reads a record of chat messages.</summary>
    public DatasetRecord Messages(JsonElement record, string fallbackId) => Read(RecordElement.Object(record), "messages", "role", "content", fallbackId);

    /// <summary>Reads a prompt with its completion, each a text or a list of messages.</summary>
    public static DatasetRecord Prompt(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var key = CompletionKeys.FirstOrDefault(candidate => RecordElement.Optional(record, candidate) is not null) ?? CompletionKeys[0];
        return GoldFromRationale.Record(RecordElement.Id(record, "id", fallbackId), Side(record, "prompt", People), Side(record, key, Models), key);
    }

    /// <summary>Reads a record of Alpaca: <c>instruction, input?, output</c>.</summary>
    public static DatasetRecord Alpaca(JsonElement record, string fallbackId)
    {
        record = RecordElement.Object(record);
        var input = RecordElement.Optional(record, "input") is { } given ? RecordElement.String(given, "input").Trim() : string.Empty;
        var instruction = RecordElement.Text(record, "instruction").Trim();
        return GoldFromRationale.Record(RecordElement.Id(record, "id", fallbackId), input.Length == 0 ? instruction : $"{instruction}\n{input}", RecordElement.Text(record, "output"), "output");
    }

    private DatasetRecord Read(JsonElement record, string key, string roleKey, string textKey, string fallbackId)
    {
        var turns = RecordElement.List(RecordElement.Required(record, key), key).Select(turn => Turn(turn, roleKey, textKey)).ToList();
        var asked = turns.FindIndex(turn => People.Contains(turn.Role));
        var answered = asked < 0 ? -1 : turns.FindIndex(asked, turn => Models.Contains(turn.Role));
        if (answered < 0)
        {
            throw new RecordFaultException($"has in the field '{key}' no turn of a person ({string.Join(", ", People)}) with an answer ({string.Join(", ", Models)}) behind it.");
        }

        if (answered + 1 < turns.Count)
        {
            _findings.Remark($"{_path} turns", $"{_path}: of conversations with several questions the first is read, with its answer; further turns ('{key}') are passed over.");
        }

        if (turns.Take(asked).Any(turn => turn.Text.Length > 0))
        {
            _findings.Remark($"{_path} system", $"{_path}: what stands in front of the question ('{key}', a system's turn) is passed over.");
        }

        return GoldFromRationale.Record(RecordElement.Id(record, "id", fallbackId), RecordElement.NotBlank(turns[asked].Text, key), turns[answered].Text, key);
    }

    private static (string Role, string Text) Turn(JsonElement turn, string roleKey, string textKey)
    {
        turn = RecordElement.Object(turn);
        return (RecordElement.Text(turn, roleKey).ToLowerInvariant(), Content(RecordElement.Required(turn, textKey), textKey));
    }

    // A content of several parts ({"type": "text", "text": ...}) is their texts.
    private static string Content(JsonElement value, string key) => value.ValueKind == JsonValueKind.Array
        ? string.Concat(value.EnumerateArray().Select(part => RecordElement.Text(RecordElement.Object(part), "text")))
        : RecordElement.String(value, key).Trim();

    private static string Side(JsonElement record, string key, string[] roles)
    {
        var value = RecordElement.Required(record, key);
        if (value.ValueKind != JsonValueKind.Array)
        {
            return RecordElement.NotBlank(RecordElement.String(value, key), key).Trim();
        }

        var turns = value.EnumerateArray().Select(turn => Turn(turn, "role", "content")).ToList();
        var index = turns.FindIndex(turn => roles.Contains(turn.Role));
        return index >= 0 ? turns[index].Text : throw new RecordFaultException($"has in the field '{key}' no message of the role {roles[0]}.");
    }
}

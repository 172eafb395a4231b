using System.Text.Json;
using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers;
using Kpod.RationaleGeneration.Teachers.Batches;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Testing;

namespace Kpod.Tests.RationaleGeneration.Teachers.Batches;

/// <summary>Questions "What is i + 1?", a store in a folder of its own, and batches between them.</summary>
internal sealed class BatchBed : IDisposable
{
    public static readonly Uri OpenAi = new("https://api.openai.com/v1");

    private readonly TemporaryFolder _folder = new();
    private readonly TeacherOptions _options;

    public BatchBed(int questions, int samples = 1, int resamples = 0, PromptKind prompt = PromptKind.ZeroShot, string? prices = null, double? budget = null)
    {
        Questions = [.. Enumerable.Range(0, questions).Select(number => new Question { Id = $"q{number}", Text = $"What is {number} + 1?", Answer = $"{number + 1}" })];
        Store = TeacherStore.Open(_folder.PathOf("answers.db"));
        if (prices is not null)
        {
            File.WriteAllText(_folder.PathOf("prices.yaml"), prices);
        }

        _options = new TeacherOptions
        {
            Teacher = TeacherKind.OpenAi,
            Model = "m",
            Store = Store.FullPath,
            Samples = samples,
            Resamples = resamples,
            Prompt = prompt,
            Temperature = 0.7,
            Seed = 5,
            MaximumTokens = 64,
            Prices = prices is null ? null : _folder.PathOf("prices.yaml"),
            Budget = budget,
        };
    }

    public Question[] Questions { get; }

    public TeacherStore Store { get; }

    public string PathOf(params string[] parts) => _folder.PathOf(parts);

    public TeacherBatch Batch(long seed = 1) => new(Store, _options, seed, new QuickTime(1));

    public TeacherRequest Request(int question, int sample) => new TeacherRequests("m", _options, 1).First(Questions[question], sample);

    public Task<BatchExport> ExportAsync(string folder, BatchOptions? limits = null) => Batch().ExportAsync(Questions, PathOf(folder), OpenAi, limits ?? new BatchOptions());

    /// <summary>Which first turns an export holds, as question and sample.</summary>
    public async Task<(int Question, int Sample)[]> ExportedAsync(string folder)
    {
        var places = Questions.SelectMany((_, question) => Enumerable.Range(0, _options.Samples + _options.Resamples).Select(sample => (question, sample))).ToDictionary(place => Request(place.question, place.sample).Hash);
        var export = await ExportAsync(folder);
        return [.. export.Files.SelectMany(File.ReadLines).Select(line => places[JsonDocument.Parse(line).RootElement.GetProperty("custom_id").GetString()!])];
    }

    public Task<BatchImport> ImportAsync(params string[] lines)
    {
        File.WriteAllText(PathOf("results.jsonl"), string.Join('\n', lines));
        return Batch().ImportAsync(Questions, [PathOf("results.jsonl")]);
    }

    /// <summary>A line of a result file.</summary>
    public string Line(int question, int sample, string text, string finish = "stop") => Result(Request(question, sample).Hash, text, finish);

    public static string Result(string id, string text, string finish = "stop") =>
        $$$"""{"id":"batch_req_1","custom_id":"{{{id}}}","response":{"status_code":200,"request_id":"r","body":{"id":"c","object":"chat.completion","created":1764150000,"model":"m-2026","choices":[{"index":0,"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(text)}}},"refusal":null},"finish_reason":"{{{finish}}}"}],"usage":{"prompt_tokens":20,"completion_tokens":10}} },"error":null}""";

    public void Answer(int question, int sample, string text, decimal? cost = null) => Store.Add(
        Request(question, sample), new TeacherAnswer { Text = text, FinishReason = "stop", Seconds = 1, ArrivedAt = DateTimeOffset.UnixEpoch, Raw = "{}", Cost = cost, Currency = cost is null ? null : "USD" });

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}

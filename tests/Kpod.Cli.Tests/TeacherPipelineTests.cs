using System.Text.Json;
using Kpod.Files;
using Kpod.RationaleGeneration.Rationales;
using Kpod.RationaleGeneration.Teachers.Budget;
using Kpod.RationaleGeneration.Teachers.Clients;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>A recipe whose rationales a live teacher writes: through all stages to a student.</summary>
public sealed class TeacherPipelineTests : IClassFixture<BadInputTests.QuickstartFolder>
{
    private readonly BadInputTests.QuickstartFolder _files;

    public TeacherPipelineTests(BadInputTests.QuickstartFolder files) => _files = files;

    [Fact]
    public async Task A_student_learns_from_a_live_teacher_as_from_the_same_rationales_recorded()
    {
        using var folder = _files.Copy();
        var recorded = File.ReadLines(Directory.GetFiles(folder.FullPath, "train.jsonl", SearchOption.AllDirectories).Single()).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(
            line => $"Q: {line.GetProperty("question").GetString()} A: Let's think step by step.", line => line.GetProperty("rationales")[0].GetProperty("text").GetString()!);
        await using var server = await TeacherServer.StartAsync(call => call is { Number: 3, Attempt: 0 } ? TeacherServerReply.Error(500) : TeacherServerReply.Answer(recorded[call.Prompt]));
        string[] ask = ["--set", $"rationales.ask={{teacher: openAi, model: fake-model, endpoint: '{server.Endpoint}', store: answers.db}}"];
        const string Key = "sk-live-2718-very-secret";
        var live = await KpodProcess.RunAsync(folder.FullPath, string.Empty, new Dictionary<string, string> { [OpenAiChatClient.KeyVariable] = Key }, ["run", "kpod.yaml", "--run", "one/live", .. ask]);
        Assert.True(live.ExitCode == 0, live.Error);
        Assert.All(server.Calls, call => Assert.Equal($"Bearer {Key}", call.Authorization));
        Assert.All(Directory.GetFiles(folder.FullPath, "*", SearchOption.AllDirectories).Select(File.ReadAllText).Append(live.Output + live.Error), text => Assert.DoesNotContain(Key, text, StringComparison.Ordinal));
        Assert.Equal(recorded.Count + 1, server.Calls.Count);
        Assert.True(File.Exists(folder.PathOf("answers.db")));
        var usage = JsonArtefact.Read<TeacherUsage>(folder.PathOf("one", "live", "02-rationales.teacher.json"));
        Assert.Equal((recorded.Count, recorded.Count), (usage.Answers, usage.Asked));

        // The run's own rationales are another run's recorded ones, and give the same student to the byte.
        var again = await KpodProcess.RunAsync(folder.FullPath, ["run", "kpod.yaml", "--run", "two/recorded", "--set", "rationales.file=one/live/02-rationales.jsonl"]);
        Assert.True(again.ExitCode == 0, again.Error);
        Assert.Equal(File.ReadAllText(folder.PathOf("one", "live", "02-rationales.jsonl")), File.ReadAllText(folder.PathOf("two", "recorded", "02-rationales.jsonl")));
        Assert.Equal(File.ReadAllBytes(folder.PathOf("one", "live", "06-student", "adapter_model.safetensors")), File.ReadAllBytes(folder.PathOf("two", "recorded", "06-student", "adapter_model.safetensors")));

        // A fresh folder finds all in the store.
        var store = await KpodProcess.RunAsync(folder.FullPath, ["rationales", "kpod.yaml", "--run", "three/stored", .. ask, "--json"]);
        Assert.True(store.ExitCode == 0, store.Error);
        Assert.Equal(recorded.Count + 1, server.Calls.Count);
        Assert.Equal(File.ReadAllText(folder.PathOf("one", "live", "02-rationales.jsonl")), File.ReadAllText(folder.PathOf("three", "stored", "02-rationales.jsonl")));
        Assert.All(JsonArtefact.ReadLines<Rationale>(folder.PathOf("three", "stored", "02-rationales.jsonl")), rationale => Assert.Equal("fake-model", rationale.Teacher));
    }
}

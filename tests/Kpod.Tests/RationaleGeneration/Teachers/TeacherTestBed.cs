using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Teachers;
using Kpod.RationaleGeneration.Teachers.Clients;
using Kpod.Testing;

namespace Kpod.Tests.RationaleGeneration.Teachers;

/// <summary>A server, a store and a generator between them, as a test needs them.</summary>
internal static class TeacherTestBed
{
    public const string Key = "sk-test-4711-secret";

    public static TeacherOptions Options(TeacherServer? server, string store) => new()
    {
        Teacher = TeacherKind.OpenAi,
        Model = "fake-model",
        Endpoint = server?.Endpoint,
        Store = store,
        Seed = 1,
        Temperature = 0.7,
        DeadlineSeconds = 80_000,
    };

    public static Question[] Questions(int count) => [.. Enumerable.Range(0, count).Select(number => new Question { Id = $"q{number}", Text = $"What is {number} + 1?", Answer = $"{number + 1}" })];

    /// <summary>What a sound teacher answers to such a question.</summary>
    public static TeacherServerReply Right(TeacherServerCall call)
    {
        var number = int.Parse(System.Text.RegularExpressions.Regex.Match(call.Prompt, @"What is (\d+)").Groups[1].Value);
        return TeacherServerReply.Answer($"{number} + 1 = {number + 1}. Therefore, the answer is {number + 1}.");
    }

    public static async Task<GeneratedRationales> AskAsync(TeacherOptions options, IReadOnlyList<Question> questions)
    {
        using var session = TeacherSession.Open(options, seed: 1, asks: true, name => name == OpenAiChatClient.KeyVariable ? Key : null, new QuickTime(1000));
        return await session.Generator.GenerateAsync(questions, TestContext.Current.CancellationToken);
    }
}

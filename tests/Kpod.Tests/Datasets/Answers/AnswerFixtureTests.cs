using System.Text.Json;
using Kpod.Datasets;
using Kpod.Datasets.Answers;
using Kpod.Testing;

namespace Kpod.Tests.Datasets.Answers;

public sealed class AnswerFixtureTests
{
    [Fact]
    public void Every_hand_judged_case_is_read_as_the_judge_reads_it()
    {
        var wrong = new List<string>();
        var total = 0;
        foreach (var element in Lines("cases.jsonl"))
        {
            total++;
            var question = QuestionOf(element);
            var format = AnswerFormat.Of(question);
            var text = element.GetProperty("text").GetString()!;
            var extracted = AnswerExtractor.Flexible(text, format);
            var correct = AnswerMatcher.Matches(extracted?.Text, question.Answer, format);
            if (extracted?.Text != element.GetProperty("extracted").GetString() || correct != element.GetProperty("is_correct").GetBoolean())
            {
                var policy = element.TryGetProperty("policy", out _) ? "P " : string.Empty;
                wrong.Add($"{policy}{JsonSerializer.Serialize(text)} gold {question.Answer}: expected {element.GetProperty("extracted")} {element.GetProperty("is_correct")}, got {extracted} {correct}");
            }
        }

        Assert.Equal(310, total);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {total}\n" + string.Join('\n', wrong));
    }

    [Fact]
    public void The_harness_filters_and_its_comparison_are_reproduced()
    {
        var total = 0;
        foreach (var element in Lines("gsm8k_cases.jsonl"))
        {
            total++;
            var text = element.GetProperty("text").GetString()!;
            var reference = element.GetProperty("reference").GetString()!;
            foreach (var (name, found) in new[] { ("strict", HarnessFilter.Strict(text)), ("flexible", HarnessFilter.Flexible(text)), ("cot_strict", HarnessFilter.CotStrict(text)) })
            {
                Assert.Equal(element.GetProperty(name).GetString(), found);
                Assert.Equal(element.GetProperty(name + "_match").GetDouble(), HarnessFilter.ExactMatch(found, reference) ? 1.0 : 0.0);
            }
        }

        Assert.Equal(335, total);
    }

    private static IEnumerable<JsonElement> Lines(string name) => File
        .ReadAllText(SharedFolder.PathOf("fixtures", "tokenizers", "answers", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement);

    private static Question QuestionOf(JsonElement element) => new()
    {
        Id = "case",
        Text = string.Empty,
        Answer = element.GetProperty("gold").GetString()!,
        Choices = element.TryGetProperty("choices", out var choices) ? choices.EnumerateObject().ToDictionary(choice => choice.Name, choice => choice.Value.GetString()!) : null,
    };
}

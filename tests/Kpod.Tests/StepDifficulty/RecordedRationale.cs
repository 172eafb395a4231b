using System.Text.Json;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Testing;
using Kpod.Tokenizers.Tokens;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Tests.StepDifficulty;

/// <summary>
/// A rationale of <c>fixtures/models/*/kpod.json</c> with its reference numbers. The fixture has ids alone, so a text is made up for them, a sign a token,
/// whose full stops lie where the fixture's steps end.
/// </summary>
internal sealed record RecordedRationale(
    EncodedRationale Encoded,
    RationaleTokenWeights Weights,
    (int First, int End)[] Steps,
    double[] Losses,
    double[] Difficulty,
    double[] UniformDifficulty)
{
    public static TheoryData<string> Variants => ["llama-gqa-tied", "t5-flan-gated-untied"];

    public static RecordedRationale[] Of(string variant)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "models", variant, "kpod.json")));
        return [.. document.RootElement.GetProperty("examples").EnumerateArray().Select(Read)];
    }

    private static RecordedRationale Read(JsonElement example, int number)
    {
        var ids = Ints(example.GetProperty("rationale_ids"));
        (int First, int End)[] steps = [.. example.GetProperty("steps").EnumerateArray().Select(step => (step[0].GetInt32(), step[1].GetInt32()))];
        var ends = steps.Select(step => step.End - 1).ToHashSet();
        var text = string.Concat(ids.Select((_, token) => ends.Contains(token) ? ". " : "= "));
        var weights = Doubles(example.GetProperty("token_weights"));
        var expected = example.GetProperty("expected");
        return new RecordedRationale(
            new EncodedRationale
            {
                QuestionId = $"q{number}",
                Sample = 0,
                QuestionText = "a question",
                Text = text,
                PromptIds = Ints(example.GetProperty("prompt_ids")),
                RationaleTokens = [.. ids.Select((id, token) => new Token(id, 2 * token, (2 * token) + 1))],
                AnswerIds = Ints(example.GetProperty("answer_ids")),
                AnswerValueStart = 0,
                AnswerValueEnd = 1,
            },
            new RationaleTokenWeights
            {
                QuestionId = $"q{number}",
                Sample = 0,
                Tokens = [.. weights.Select((weight, token) => new WeightedToken(text.Substring(2 * token, 1), 2 * token, (2 * token) + 1, weight))],
            },
            steps,
            Doubles(expected.GetProperty("rationale_nll")),
            Doubles(expected.GetProperty("step_difficulty")),
            Doubles(expected.GetProperty("step_difficulty_uniform")));
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];
}

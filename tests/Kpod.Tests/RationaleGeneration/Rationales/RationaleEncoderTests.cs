using Kpod.Datasets;
using Kpod.LanguageModels.Checkpoints;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Testing;

namespace Kpod.Tests.RationaleGeneration.Rationales;

/// <summary>Real rationales of all four data sets in the tokens of three real tokenizers.</summary>
public sealed class RationaleEncoderTests
{
    private const int QuestionsTried = 150;

    public static TheoryData<string, string, bool> Cases { get; } = new(
        from data in new[] { "svamp", "asdiv", "gsm8k", "csqa" }
        from tokenizer in new[] { ("models/SmolLM2-135M-Instruct/SmolLM2-135M-Instruct.Q4_1.gguf", true), ("tokenizers/llama", true), ("tokenizers/flan-t5", false) }
        select (data, tokenizer.Item1, tokenizer.Item2));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Prompt_rationale_and_answer_are_cut_at_characters_and_together_are_the_whole(string data, string path, bool isCausal)
    {
        var tokenizer = CheckpointLoader.LoadTokenizer(SharedFolder.PathOf(path.Split('/')));
        var set = QuestionSet.Load(new DatasetOptions { Train = SharedFolder.PathOf("data", data, "train.jsonl"), Limit = QuestionsTried });
        var encoder = new RationaleEncoder(tokenizer, isCausal, endId: 2);
        var tried = 0;
        foreach (var question in set.Train)
        {
            foreach (var (sample, recorded) in (set.Recorded.GetValueOrDefault(question.Id) ?? []).Take(2).Index())
            {
                var rationale = new Rationale { QuestionId = question.Id, Sample = sample, Text = recorded.Text.Trim(), Teacher = "t", Correct = true };
                var encoded = encoder.Encode(question, rationale);
                tried++;

                // The response is the tokenisation of the whole behind the prompt's own tokens.
                var front = isCausal ? CotPrompt.Of(question) + " " : string.Empty;
                var whole = tokenizer.Encode(front + rationale.Text + CotPrompt.Connector + question.Answer).Select(token => token.Id).ToArray();
                int[] prompt = [.. tokenizer.Encode(CotPrompt.Of(question)).Select(token => token.Id)];
                Assert.Equal(isCausal ? whole[prompt.Length..] : whole, encoded.ResponseIds()[..^1]);
                Assert.Equal(encoder.EncodePrompt(question), encoded.PromptIds);

                // Every visible character of the rationale lies in one of its tokens, and none beyond.
                var covered = new bool[rationale.Text.Length];
                foreach (var token in encoded.RationaleTokens)
                {
                    Array.Fill(covered, true, token.Start, token.End - token.Start);
                }

                Assert.All(Enumerable.Range(0, covered.Length).Where(place => !char.IsWhiteSpace(rationale.Text[place])), place => Assert.True(covered[place], $"{encoded.Key}: '{rationale.Text[place]}' at {place}"));
                Assert.True(encoded.AnswerValueStart > 0 && encoded.AnswerValueStart < encoded.AnswerValueEnd && encoded.AnswerValueEnd == encoded.AnswerIds.Length - 1, encoded.Key);
            }
        }

        Assert.True(tried >= QuestionsTried);
    }
}

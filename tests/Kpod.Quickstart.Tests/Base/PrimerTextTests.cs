using Kpod.Quickstart.Base;
using Kpod.RationaleGeneration.Prompts;

namespace Kpod.Quickstart.Tests.Base;

public sealed class PrimerTextTests
{
    [Fact]
    public void An_encoder_decoder_is_given_explanations_to_sum_up_and_to_answer()
    {
        var primer = new PrimerText(new Random(1), isCausal: false);
        var passages = Enumerable.Range(0, 400).Select(_ => primer.Next(withDamage: false)).ToArray();
        var summaries = passages.Where(passage => passage.Given.EndsWith(" In short:", StringComparison.Ordinal)).ToArray();
        Assert.InRange(summaries.Length, 50, 110);
        Assert.All(summaries, passage =>
        {
            var calculations = passage.Written[..passage.Written.IndexOf(CotPrompt.Connector, StringComparison.Ordinal)];
            Assert.Matches(@"^(\d+ [-+*/x] \d+ = \d+\.? ?)+$", calculations);
            Assert.EndsWith(passage.Written[(passage.Written.LastIndexOf(' ') + 1)..], calculations.TrimEnd('.'), StringComparison.Ordinal);
        });
        var answered = passages.Where(passage => passage.Written.All(char.IsDigit) && !passage.Given.StartsWith("Work out ", StringComparison.Ordinal)).ToArray();
        Assert.InRange(answered.Length, 30, 90);
        Assert.All(answered, passage => Assert.Contains(passage.Written, passage.Given, StringComparison.Ordinal));
        Assert.InRange(answered.Count(passage => passage.Given.StartsWith("Q: ", StringComparison.Ordinal)), answered.Length / 4, answered.Length * 3 / 4);
    }

    [Fact]
    public void A_causal_model_writes_its_explanations_itself()
    {
        var primer = new PrimerText(new Random(1), isCausal: true);
        var passages = Enumerable.Range(0, 400).Select(_ => primer.Next(withDamage: false)).ToArray();
        Assert.DoesNotContain(passages, passage => passage.Given.Contains("Somebody explains.", StringComparison.Ordinal));
        Assert.InRange(passages.Count(passage => passage.Given.StartsWith("Work out ", StringComparison.Ordinal)), 160, 240);
    }
}

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damaged_explanations_stand_behind_a_question_about_other_things_half_of_the_time(bool isCausal)
    {
        var primer = new PrimerText(new Random(1), isCausal);
        var damaged = Enumerable.Range(0, 600).Select(_ => primer.Next(withDamage: true)).Where(passage => passage.HolesFrom > 0).ToArray();
        Assert.InRange(damaged.Length, 150, 270);
        Assert.InRange(damaged.Count(passage => passage.Given.StartsWith("Q: ", StringComparison.Ordinal)), damaged.Length * 2 / 5, damaged.Length * 3 / 5);

        // Holes are in the explanation alone: what stands in front ends where they may begin.
        Assert.All(damaged, passage => Assert.True(passage.Given[..passage.HolesFrom] is var front && (front.EndsWith(CotPrompt.Trigger, StringComparison.Ordinal) || front == "Somebody explains."), passage.Given));
    }

    [Theory]
    [InlineData(true, @"^Sums:$", @"^(\d+ [-+*/] \d+ = \d+(, |\.$)){8}$")]
    [InlineData(false, @"^Sums: (\d+ [-+*/] \d+(, |\.$)){8}$", @"^(\d+(, |\.$)){8}$")]
    public void Sums_come_without_a_story(bool isCausal, string given, string written)
    {
        var primer = new PrimerText(new Random(1), isCausal);
        var sums = Enumerable.Range(0, 400).Select(_ => primer.Next(withDamage: false)).Where(passage => passage.Given.StartsWith("Sums:", StringComparison.Ordinal)).ToArray();
        Assert.InRange(sums.Length, 40, 80);
        Assert.All(sums, passage =>
        {
            Assert.Matches(given, passage.Given);
            Assert.Matches(written, passage.Written);
        });
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

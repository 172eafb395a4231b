using System.Text.Json;
using CsCheck;
using Kpod.StepDifficulty;
using Kpod.Testing;

namespace Kpod.Tests.StepDifficulty;

public sealed class StepSplitterTests
{
    // What the rule turns on, so that random texts meet every branch often.
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf(
            ".", "..", "...", " ", "\n", "\r\n", "\t", "Mr", "etc", "e.g", "U.S", "No", "no", "St",
            "1", "12", "123", "(", ")", "\"", "”", "]", "a", "b", "x = ", "3.5", "$", "𝒙", "é"),
        Gen.String[Gen.Char, 0, 3]).Array[0, 40].Select(string.Concat);

    // Bars show the boundaries.
    [Theory]
    [InlineData("He buys 2 pens. ", "|He pays $3.50.")]
    [InlineData("So 110*.3=33. ", "|The rest is 77.")]
    [InlineData("Total is $36.5")]
    [InlineData("The price is .3 or 33.5 of it")]
    [InlineData("no full stop at all")]
    [InlineData("One. ", "|trailing text")]
    [InlineData("1. First add 2.\n", "|2. Then multiply.\n", "|Therefore, the answer is 4 .")]
    [InlineData("(3. Third) it is. ", "|a. Take one. ", "|(b. Take two.")]
    [InlineData("123. ", "|Three digits are no list marker.")]
    [InlineData("It is 5. ", "|6. Sixth.")]
    [InlineData("Mr. Smith and Mrs. Jones and Ms. Lee met Dr. No in St. Paul. ", "|They ate.")]
    [InlineData("Goldfish vs. catfish, food etc. than that, e.g. this, i.e. that. ", "|Done.")]
    [InlineData("At 9 a.m. and 10p.m. he ate approx. 3 in the U.S. Civil War. ", "|Yes.")]
    [InlineData("No. of boxes = 3. ", "|Is it? ", "no. ", "|It is not.")]
    [InlineData("It is December 1st. ", "|Then comes the 2nd.")]
    [InlineData("Well... ", "|Now 5 or... ", "|or 16... ", "|and so on..5 more.")]
    [InlineData("He said \"It is 5.\" ", "|Then he (they say (so.)) ", "|left.”\n\n", "|‘Good.’ ", "|[x.] ", "|y")]
    [InlineData("... ", "|so 5.")]
    [InlineData("He has 306 lbs (lbs.)", "|.\n\n", "|Next.")]
    [InlineData("A line\nanother = 5\n\nThe end.\n \n")]
    [InlineData("  \n ")]
    public void Full_stops_end_steps_where_a_sentence_can_end(params string[] pieces)
    {
        Assert.Equal(Pieces(pieces), Split(string.Concat(pieces).Replace("|", string.Empty, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("21 = x * 7 \n\n ", "|x = 3")]
    [InlineData("Steps:\r\n", "|1. First.\n\n", "|2. Second\n", "|and third.\n")]
    [InlineData("\n \nOne", " line.")]
    [InlineData("Mr.\n", "|Smith")]
    public void A_line_end_ends_a_step_where_asked_for(params string[] pieces)
    {
        Assert.Equal(Pieces(pieces), Split(string.Concat(pieces).Replace("|", string.Empty, StringComparison.Ordinal), splitOnNewline: true));
    }

    [Fact]
    public void An_empty_text_has_no_step() => Assert.Empty(StepSplitter.Split(string.Empty));

    [Fact]
    public void Steps_together_are_the_text_and_none_is_white_space_alone()
    {
        Gen.Select(Texts, Gen.Bool).Sample((text, splitOnNewline) =>
        {
            var steps = StepSplitter.Split(text, splitOnNewline);
            Assert.Equal(text, string.Concat(steps.Select(step => text[step.Start..step.End])));
            Assert.All(steps, step => Assert.True(step.End > step.Start));
            Assert.True(steps.Count <= 1 || steps.All(step => !string.IsNullOrWhiteSpace(text[step.Start..step.End])));
            Assert.True(steps.Skip(1).All(step => !char.IsWhiteSpace(text[step.Start])), "white space belongs to the step before it");
        });
    }

    [Fact]
    public void Every_boundary_but_the_last_stands_behind_a_full_stop_or_where_asked_for_a_line_end()
    {
        Gen.Select(Texts, Gen.Bool).Sample((text, splitOnNewline) =>
        {
            foreach (var step in StepSplitter.Split(text, splitOnNewline).SkipLast(1))
            {
                var piece = text[step.Start..step.End];
                var byLine = splitOnNewline && piece[piece.TrimEnd().Length..].Contains('\n', StringComparison.Ordinal);
                Assert.True(byLine || piece.TrimEnd().TrimEnd('"', '\'', ')', ']', '}', '”', '’', '»').EndsWith('.'), piece);
            }
        });
    }

    [Fact]
    public void Splitting_on_newlines_only_adds_boundaries_to_texts_without_list_markers()
    {
        // A list marker is told by what stands since the last boundary, so a new boundary can take one away; short numbers and letters are left out here.
        var texts = Gen.OneOf(". ", ".", "\n", " ", "three", "apples", "3.14", "Mr", "etc", "...", ")").Array[0, 30].Select(string.Concat);
        texts.Sample(text =>
        {
            var lines = StepSplitter.Split(text, splitOnNewline: true).Select(step => step.End).ToHashSet();
            Assert.All(StepSplitter.Split(text), step => Assert.Contains(step.End, lines));
        });
    }

    // Mean number of steps measured with an independent program (SVAMP, ASDiv and GSM8K rationales of GPT-3.5).
    [Theory]
    [InlineData("svamp", "MCC-KD", 3.1, 5.9)]
    [InlineData("asdiv", "MCC-KD", 3.7, 7.2)]
    [InlineData("gsm8k", "juyal", 5.8, 8.8)]
    public void Real_rationales_have_as_many_steps_as_were_counted_before(string dataset, string source, double mean, double meanWithNewlines)
    {
        var texts = File.ReadLines(SharedFolder.PathOf("data", dataset, "train.jsonl")).SelectMany(line => Rationales(line, source)).ToArray();
        var (counted, withNewlines) = (texts.Average(text => StepSplitter.Split(text).Count), texts.Average(text => StepSplitter.Split(text, true).Count));
        TestContext.Current.TestOutputHelper!.WriteLine($"{dataset}: {texts.Length} rationales, {counted:0.000} steps, {withNewlines:0.000} with newlines");
        Assert.Equal(mean, counted, 0.1);
        Assert.Equal(meanWithNewlines, withNewlines, 0.1);
    }

    private static IEnumerable<string> Rationales(string line, string source)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.TryGetProperty("rationales", out var rationales)
            ? [.. rationales.EnumerateArray().Where(rationale => rationale.GetProperty("teacher").GetString()!.Contains(source, StringComparison.Ordinal))
                .Select(rationale => rationale.GetProperty("text").GetString()!)]
            : [];
    }

    private static string[] Split(string text, bool splitOnNewline = false) =>
        [.. StepSplitter.Split(text, splitOnNewline).Select(step => text[step.Start..step.End])];

    private static string[] Pieces(string[] pieces) => string.Concat(pieces).Split('|');
}

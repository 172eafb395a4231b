using System.Xml.Linq;
using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.StepDifficulty;
using Kpod.TokenWeighting.Weights;

namespace Kpod.Tests.Reports.Charts;

public sealed class HeatMapTests
{
    [Fact]
    public void Each_token_is_shaded_by_its_weight_and_each_step_opens_with_a_mark()
    {
        const string Text = "So 3. Good.";
        var markup = Draw(Text, [new("So", 0, 2, 0.04), new("3", 3, 4, 0.98), new(".", 4, 5, 0.26), new("Good", 6, 10, 0.5), new(".", 10, 11, 0)], [new(0, 6, 0, 3, 1.25), new(6, 11, 3, 5, 0.5)]);
        Assert.Equal(
            "<p class=\"heat\"><i title=\"step 1: difficulty 1.25 nat\">1</i><b class=\"h0\" title=\"w 0.040, step 1\">So</b> <b class=\"h10\" title=\"w 0.980, step 1\">3</b>"
            + "<b class=\"h3\" title=\"w 0.260, step 1\">.</b> <i title=\"step 2: difficulty 0.5 nat\">2</i><b class=\"h5\" title=\"w 0.500, step 2\">Good</b><b class=\"h0\" title=\"w 0.000, step 2\">.</b></p>",
            markup);
    }

    [Fact]
    public void The_text_is_kept_to_the_letter()
    {
        const string Text = " a\n\n 1 + 1 = 2 <b> & \"c\" ";
        var shown = XElement.Parse(Draw(Text, [new("a", 1, 2, 0.1), new("1", 5, 6, 0.9), new("<b>", 15, 18, 0.3)], null), LoadOptions.PreserveWhitespace).Value;
        Assert.Equal(Text, shown);
    }

    [Fact]
    public void White_space_is_left_plain() => Assert.Equal(
        "<p class=\"heat\"><b class=\"h5\" title=\"w 0.500\">a</b> \n\n<b class=\"h9\" title=\"w 0.900\">b</b> </p>",
        Draw("a \n\nb ", [new("a", 0, 1, 0.5), new(" \n", 1, 3, 1), new("\nb ", 3, 6, 0.9)], null));

    [Fact]
    public void A_character_that_several_tokens_share_is_shown_once_with_all_their_weights()
    {
        const string Text = "x 😀 y";
        var markup = Draw(Text, [new("\ud83d", 2, 3, 0.2), new("\ude00", 3, 4, 0.7), new("y", 5, 6, 0.1)], null);
        Assert.Contains("<b class=\"h7\" title=\"w 0.200, 0.700\">😀</b>", markup, StringComparison.Ordinal);
        Assert.Equal(Text, XElement.Parse(markup, LoadOptions.PreserveWhitespace).Value);

        var bytes = Draw("é", [new("é", 0, 1, 0.3), new("é", 0, 1, 0.6)], null);
        Assert.Equal("<p class=\"heat\"><b class=\"h6\" title=\"w 0.300, 0.600\">é</b></p>", bytes);
    }

    [Fact]
    public void Tokens_of_nothing_and_offsets_outside_the_text_do_no_harm()
    {
        var markup = Draw("abc", [new("", 1, 1, 0.9), new("c", 2, 9, 0.4), new("z", 50, 60, 0.4), new("q", -3, -1, 0.4)], [new(0, 3, 0, 1, double.NaN)]);
        Assert.Equal("<p class=\"heat\">ab<i title=\"step 1: difficulty not a number nat\">1</i><b class=\"h4\" title=\"w 0.400, step 1\">c</b></p>", markup.Replace("<i title=\"step 1: difficulty not a number nat\">1</i>ab", "ab<i title=\"step 1: difficulty not a number nat\">1</i>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.049, 0)]
    [InlineData(0.05, 1)]
    [InlineData(0.949, 9)]
    [InlineData(1, 10)]
    [InlineData(-2, 0)]
    [InlineData(3, 10)]
    [InlineData(double.NaN, 0)]
    public void Weights_are_shown_in_eleven_steps(double weight, int level) => Assert.Equal(level, HeatPalette.LevelOf(weight));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_reads_well_on_every_step_and_lightness_moves_one_way(bool dark)
    {
        var steps = Enumerable.Range(0, HeatPalette.Levels).Select(level => HeatPalette.At(level, dark)).ToList();
        var contrasts = steps.ConvertAll(step => step.Ground.ContrastWith(step.Ink));
        TestContext.Current.TestOutputHelper!.WriteLine($"least contrast {contrasts.Min():F2}");
        Assert.All(contrasts, contrast => Assert.True(contrast >= 4.5, $"{contrast:F2}"));
        var lightness = steps.ConvertAll(step => step.Ground.Luminance);
        Assert.Equal(dark ? lightness.Order() : lightness.OrderDescending(), lightness);
        Assert.Equal(HeatPalette.Levels, lightness.Distinct().Count());
    }

    [Fact]
    public void Black_on_white_has_the_greatest_contrast() => Assert.Equal(21, new Colour(0, 0, 0).ContrastWith(new Colour(255, 255, 255)), 1e-9);

    private static string Draw(string text, IReadOnlyList<WeightedToken> tokens, IReadOnlyList<StepWithDifficulty>? steps)
    {
        var writer = new MarkupWriter();
        HeatMap.WriteTo(writer, text, tokens, steps);
        return writer.ToString();
    }
}

using System.Xml.Linq;
using Kpod.Reports.Charts;
using Kpod.Reports.Markup;
using Kpod.Testing;

namespace Kpod.Tests.Reports.Charts;

public sealed class SvgChartTests
{
    private static readonly ChartText Words = new("chart-x", "A title", "Words for those who do not see it");

    [Fact]
    public void A_small_chart_is_drawn_as_it_was_approved()
    {
        var chart = new SvgChart(
            new ChartText("chart-accuracy", "Accuracy", "KPOD 20.7 %, base 2.0 %"),
            ChartAxis.OfNumbers("accuracy (%)", 0, 28),
            ChartAxis.OfRows(["KPOD", "base"]),
            ChartSize.OfRows(2));
        chart.Whisker(new ChartPoint(15, 0), new ChartPoint(27.8, 0), "c1");
        chart.Dot(new ChartPoint(20.7, 0), "c1", "KPOD: 20.7 %");
        chart.Whisker(new ChartPoint(0.7, 1), new ChartPoint(5.7, 1), "c1");
        chart.Dot(new ChartPoint(2, 1), "c1 hollow", "base: 2.0 %");
        var received = Draw(chart) + "\n";

        var path = Path.Combine(SharedFolder.RepositoryRoot, "tests", "Kpod.Tests", "Expectations", "Reports", "dot-whisker.svg");
        if (Environment.GetEnvironmentVariable("KPOD_ACCEPT_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, received);
        }

        Assert.True(File.ReadAllText(path) == received, $"The drawing differs from {path}. Look at the new one in a browser; if it is right, run this test with KPOD_ACCEPT_SNAPSHOTS=1.\n{received}");
    }

    [Fact]
    public void A_chart_has_a_title_and_a_description_that_it_is_labelled_by()
    {
        var svg = XElement.Parse(Draw(new SvgChart(Words, ChartAxis.OfRange("x", 0, 1), ChartAxis.OfRange("y", 0, 1), ChartSize.Half)));
        Assert.Equal("img", svg.Attribute("role")!.Value);
        Assert.Equal("chart-x-t chart-x-d", svg.Attribute("aria-labelledby")!.Value);
        Assert.Equal(("chart-x-t", "A title"), (svg.Element("title")!.Attribute("id")!.Value, svg.Element("title")!.Value));
        Assert.Equal(("chart-x-d", "Words for those who do not see it"), (svg.Element("desc")!.Attribute("id")!.Value, svg.Element("desc")!.Value));
        Assert.Contains(svg.Descendants("text"), text => text.Value == "x");
        Assert.Contains(svg.Descendants("text"), text => text.Value == "y");
    }

    [Fact]
    public void A_curve_breaks_where_there_is_no_number_and_a_lone_point_is_a_dot()
    {
        var chart = Unit();
        chart.Line([new(0, 0), new(0.2, 1), new(0.4, double.NaN), new(0.6, 0.5), new(0.8, double.PositiveInfinity), new(0.9, 0.1), new(1, 0.2)], "c1");
        var marks = XElement.Parse(Draw(chart)).Descendants("g").Single(group => group.Attribute("class")!.Value == "marks");
        Assert.Equal(2, marks.Elements("path").Count(path => path.Attribute("class")!.Value == "line c1"));
        Assert.Single(marks.Elements("path"), path => path.Attribute("class")!.Value == "dot c1 lone");
        Assert.DoesNotContain("NaN", Draw(chart), StringComparison.Ordinal);
        Assert.DoesNotContain("∞", Draw(chart), StringComparison.Ordinal);
    }

    [Fact]
    public void Stacked_parts_stand_on_one_another_and_empty_ones_are_left_out()
    {
        var chart = new SvgChart(Words, ChartAxis.OfCategories("stage", ["1"]), ChartAxis.OfRange("share (%)", 0, 100), ChartSize.Half);
        chart.StackedBar(0, [(25, "o0", "quarter"), (0, "o1", "nothing"), (75, "o2", "rest")]);
        var bars = XElement.Parse(Draw(chart)).Descendants("rect").ToList();
        Assert.Equal(["quarter", "rest"], bars.Select(bar => bar.Element("title")!.Value));
        var (low, high) = (bars[0], bars[1]);
        Assert.Equal(Number(low, "y"), Number(high, "y") + Number(high, "height"), 0.11);
        Assert.Equal(3, Number(high, "height") / Number(low, "height"), 0.02);
        Assert.Equal(chart.Y.Start, Number(low, "y") + Number(low, "height"), 0.11);
    }

    [Fact]
    public void What_lies_outside_an_axis_is_drawn_at_its_end()
    {
        var chart = Unit();
        chart.Dot(new ChartPoint(0.5, 7), "c1");
        chart.Dot(new ChartPoint(double.NaN, 0.5), "c1");
        var dot = Assert.Single(XElement.Parse(Draw(chart)).Descendants("path"));
        Assert.Contains($",{ReportNumber.Coordinate(chart.Y.End)}a", dot.Attribute("d")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_name_of_a_row_is_shortened()
    {
        var chart = new SvgChart(Words, ChartAxis.OfRange("x", 0, 1), ChartAxis.OfRows([new string('m', 80)]), ChartSize.Half);
        Assert.Contains(XElement.Parse(Draw(chart)).Descendants("text"), text => text.Value == new string('m', 29) + "…");
        Assert.True(chart.X.End - chart.X.Start > 150, "The marks need room beside the longest name.");
    }

    [Fact]
    public void Words_of_any_origin_are_escaped()
    {
        var chart = new SvgChart(new ChartText("c", "<b>", "\"&"), ChartAxis.OfRange("<x>", 0, 1), ChartAxis.OfRows(["<y>"]), ChartSize.Half);
        chart.Dot(new ChartPoint(0.5, 0), "c1", "<z>");
        var svg = XElement.Parse(Draw(chart));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "x" or "y" or "z" or "b");
    }

    private static SvgChart Unit() => new(Words, ChartAxis.OfRange("x", 0, 1), ChartAxis.OfRange("y", 0, 1), ChartSize.Half);

    private static string Draw(SvgChart chart)
    {
        var writer = new MarkupWriter();
        chart.WriteTo(writer);
        return writer.ToString();
    }

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, System.Globalization.CultureInfo.InvariantCulture);
}

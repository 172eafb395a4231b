using Kpod.RationaleGeneration.Quality;
using Kpod.Reports.Charts;
using Kpod.Reports.Markup;

namespace Kpod.Reports.Sections;

/// <summary>The part of the section on rationales that is about who wrote them: how often right, how long, for how much, and how alike.</summary>
internal static class TeacherFiguresPart
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="quality">The figures.</param>
    /// <param name="questions">Training questions.</param>
    public static void Write(MarkupWriter writer, TeacherQuality quality, int questions)
    {
        if (quality.Teachers.Count == 0)
        {
            return;
        }

        writer.Element("h3", quality.Teachers.Count == 1 ? "The teacher" : "The teachers");
        writer.Element("p", $"{ReportNumber.Count(quality.QuestionsRight)} of {ReportNumber.Count(questions)} training questions have at least one rationale that gives the gold answer. {Flaws(quality)} {Repeats(quality)}");
        using (writer.Line().Open("div", ("class", "card below")))
        {
            TeacherTable.Of(quality.Teachers).WriteHtml(writer);
        }

        var (hasSeveral, hasEnds) = (quality.SamplesPerQuestion.Keys.Max() > 1, quality.FinishReasons.Keys.Any(reason => reason != TeacherQuality.Unknown));
        if (!hasSeveral && !hasEnds)
        {
            return;
        }

        using var figures = writer.Line().Open("div", ("class", "figures"));
        if (hasSeveral)
        {
            WriteRightPerQuestion(writer, quality);
        }

        if (hasEnds)
        {
            using var card = writer.Line().Open("div", ("class", "card"));
            Ends(quality.FinishReasons).WriteHtml(writer);
        }
    }

    private static ResultTable Ends(IReadOnlyDictionary<string, int> reasons)
    {
        var table = new ResultTable(new ResultColumn("how they ended, in the server's word", false), new ResultColumn("rationales", true), new ResultColumn("share", true));
        foreach (var (reason, count) in reasons)
        {
            table.Add(reason, ReportNumber.Count(count), ReportNumber.Percent((double)count / reasons.Values.Sum()));
        }

        return table;
    }

    private static string Flaws(TeacherQuality quality)
    {
        (int Count, string One, string Many)[] flaws =
        [
            (quality.WithoutAnswer, "gives no answer", "give no answer"), (quality.CutOff, "was cut off", "were cut off"), (quality.Refused, "was refused", "were refused"), (quality.Empty, "is empty", "are empty"),
        ];
        var found = flaws.Where(flaw => flaw.Count > 0).Select(flaw => $"{ReportNumber.Count(flaw.Count)} {(flaw.Count == 1 ? flaw.One : flaw.Many)}").ToArray();
        return found.Length == 0 ? "None is empty, cut off, refused or without an answer." : $"Of all rationales {string.Join(", ", found)}.";
    }

    private static string Repeats(TeacherQuality quality) => quality.SameText + quality.NearDuplicates == 0
        ? "None repeats another one of its question."
        : $"{ReportNumber.Count(quality.SameText)} {(quality.SameText == 1 ? "repeats" : "repeat")} an earlier one of the question word for word, {ReportNumber.Count(quality.NearDuplicates)} nearly so.";

    private static void WriteRightPerQuestion(MarkupWriter writer, TeacherQuality quality)
    {
        var most = quality.SamplesPerQuestion.Keys.Max();
        (int Right, int Questions)[] bars = [.. Enumerable.Range(0, most + 1).Select(right => (right, quality.RightPerQuestion.GetValueOrDefault(right)))];
        var numbers = new ResultTable(new ResultColumn("rationales of a question", true), new ResultColumn("questions with so many", true), new ResultColumn("with so many right ones", true));
        foreach (var (right, count) in bars)
        {
            numbers.Add(ReportNumber.Count(right), ReportNumber.Count(quality.SamplesPerQuestion.GetValueOrDefault(right)), ReportNumber.Count(count));
        }

        new ChartFigure
        {
            Heading = "Right rationales of a question",
            Caption = "Questions at the left are too hard for the teacher, or their gold answer is wrong: further samples help those in the middle, not them.",
            Numbers = numbers,
            Draw = size => Draw(size, bars),
        }.WriteTo(writer);
    }

    private static SvgChart Draw(ChartSize size, (int Right, int Questions)[] bars)
    {
        var chart = new SvgChart(
            new ChartText("chart-right", "Questions by number of right rationales", string.Join("; ", bars.Select(bar => $"{bar.Right} right: {ReportNumber.Count(bar.Questions, "question")}"))),
            ChartAxis.OfCategories("right rationales of a question", [.. bars.Select(bar => ReportNumber.Count(bar.Right))]),
            ChartAxis.OfNumbers("questions", 0, Math.Max(1, bars.Max(bar => bar.Questions))),
            size);
        for (var index = 0; index < bars.Length; index++)
        {
            chart.Bar(new ChartPoint(index - 0.34, 0), new ChartPoint(index + 0.34, bars[index].Questions), "c1", $"{bars[index].Right} right: {ReportNumber.Count(bars[index].Questions, "question")}");
        }

        return chart;
    }
}

using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>What the student wrote: right and wrong answers to held-out questions.</summary>
internal static class GenerationSection
{
    private const int Shown = 20;

    /// <summary>The section.</summary>
    /// <param name="data">The run.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(RunReportData data) => new(
        "generations",
        "What the student writes",
        data.Generations.Count == 0 ? "This run has no generations: the student has not been evaluated yet." : null,
        writer => Write(writer, data.Generations));

    private static void Write(MarkupWriter writer, IReadOnlyList<GenerationExample> generations)
    {
        var right = generations.Where(example => example.Correct).ToList();
        var wrong = generations.Where(example => !example.Correct).ToList();
        var shownRight = Math.Min(right.Count, Math.Max(Shown / 2, Shown - wrong.Count));
        var shownWrong = Math.Min(wrong.Count, Shown - shownRight);
        writer.Element("p", $"The first right answers ({ReportNumber.Count(shownRight)}) and the first wrong ones ({ReportNumber.Count(shownWrong)}) of the "
            + $"evaluation, whole, as the student wrote them. All of them are in the run's folder 07-evaluation.");
        using var items = writer.Open("div", ("class", "items"));
        foreach (var example in right.Take(shownRight).Concat(wrong.Take(shownWrong)))
        {
            WriteExample(writer, example);
        }
    }

    private static void WriteExample(MarkupWriter writer, GenerationExample example)
    {
        using var item = writer.Line().Open("article", ("class", example.Correct ? "item right" : "item wrong"));
        writer.Element("p", $"{example.QuestionId} · {example.Split}" + (example.Stopped ? string.Empty : " · cut off at the length limit"), ("class", "from"));
        writer.Element("p", example.Question, ("class", "question")).Element("p", example.Text.Trim(), ("class", "written"));
        using var verdict = writer.Open("p", ("class", "verdict"));
        writer.Element("strong", example.Correct ? "✓ right" : "✗ wrong");
        writer.Text($"read {example.ExtractedAnswer ?? "no answer"}, gold {example.GoldAnswer}");
    }
}

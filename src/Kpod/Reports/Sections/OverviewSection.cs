using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>What a run is: method, student, data, training, environment, and what it warned of.</summary>
internal static class OverviewSection
{
    /// <summary>The section.</summary>
    /// <param name="data">The run.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(RunReportData data) => new("run", "What this run is", null, writer => Write(writer, data));

    private static void Write(MarkupWriter writer, RunReportData data)
    {
        // Warnings of the schedule stand in its section.
        foreach (var warning in data.Warnings.Except(data.Schedule?.Warnings ?? []))
        {
            writer.Element("p", warning, ("class", "callout"));
        }

        using var cards = writer.Open("div", ("class", "cards"));
        WriteCard(writer, "Student", data.Student);
        WriteCard(writer, "Data", data.Data);
        WriteCard(writer, "Training", data.Training);
        WriteCard(writer, "Environment", data.Environment);
    }

    private static void WriteCard(MarkupWriter writer, string title, IReadOnlyList<ReportFact> facts)
    {
        if (facts.Count == 0)
        {
            return;
        }

        using var card = writer.Line().Open("div", ("class", "card"));
        writer.Element("h3", title);
        using var list = writer.Open("dl");
        foreach (var fact in facts)
        {
            writer.Element("dt", fact.Name).Element("dd", fact.Value);
        }
    }
}

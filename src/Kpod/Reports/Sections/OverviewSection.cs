using Kpod.Distillation;
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

    /// <summary>A method in a sentence.</summary>
    /// <param name="method">The method.</param>
    /// <returns>The sentence.</returns>
    public static string Describe(DistillationMethod method) => method switch
    {
        DistillationMethod.Kpod =>
            "Keypoint-based progressive chain-of-thought distillation: tokens of the teacher's rationales weigh as much as the answer depends on them, and the "
                + "student writes ever more of each rationale, its last steps first.",
        DistillationMethod.Cot =>
            "Plain chain-of-thought distillation: the student learns every token of the teacher's whole rationale alike, from the first epoch on.",
        _ => $"Distillation by the method {Name(method)}.",
    };

    /// <summary>A method's short name.</summary>
    /// <param name="method">The method.</param>
    /// <returns>The name as a reader knows it.</returns>
    public static string Name(DistillationMethod method) => method switch
    {
        DistillationMethod.Kpod => "KPOD",
        DistillationMethod.Cot => "plain CoT",
        _ => method.ToString(),
    };

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

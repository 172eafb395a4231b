using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>Values in which runs differ, a column a run; what all have in common is left out.</summary>
internal static class DifferenceSection
{
    private const string Missing = "-";

    /// <summary>Differences of the recipes.</summary>
    /// <param name="runs">The runs.</param>
    /// <returns>The section.</returns>
    public static PageSection OfRecipes(IReadOnlyList<RunReportData> runs) =>
        Of("recipes", "Differences of the recipes", "key", runs, run => run.RecipeValues, "recipes");

    /// <summary>Differences of the environments.</summary>
    /// <param name="runs">The runs.</param>
    /// <returns>The section.</returns>
    public static PageSection OfEnvironments(IReadOnlyList<RunReportData> runs) =>
        Of("environments", "Differences of the environments", "what", runs, EnvironmentOf, "environments");

    private static Dictionary<string, string> EnvironmentOf(RunReportData run) =>
        run.Environment.GroupBy(fact => fact.Name).ToDictionary(group => group.Key, group => group.First().Value);

    private static PageSection Of(string id, string title, string column, IReadOnlyList<RunReportData> runs, Func<RunReportData, IReadOnlyDictionary<string, string>> valuesOf, string things)
    {
        var values = runs.Select(valuesOf).ToList();
        var keys = values.SelectMany(value => value.Keys).Distinct().Where(key => values.Select(value => value.GetValueOrDefault(key)).Distinct().Count() > 1).ToList();
        var absence = values.TrueForAll(value => value.Count == 0) ? $"The {things} of these runs are not on record."
            : keys.Count == 0 ? $"The {things} are the same in every value."
            : null;
        return new PageSection(id, title, absence, writer =>
        {
            writer.Element("p", $"Only what differs; the {things} agree in everything else.");
            var table = new ResultTable([new ResultColumn(column, false), .. runs.Select(run => new ResultColumn(run.Name, false))]);
            foreach (var key in keys)
            {
                table.Add([key, .. values.Select(value => value.GetValueOrDefault(key, Missing))]);
            }

            using var card = writer.Open("div", ("class", "card"));
            table.WriteHtml(writer);
        });
    }
}

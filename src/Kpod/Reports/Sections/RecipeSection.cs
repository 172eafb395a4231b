using Kpod.Reports.Markup;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>The recipe, as it was read.</summary>
internal static class RecipeSection
{
    /// <summary>The section.</summary>
    /// <param name="data">The run.</param>
    /// <returns>The section.</returns>
    public static PageSection Of(RunReportData data) => new(
        "recipe",
        "Recipe",
        data.RecipeText.Length == 0 ? "The text of this run's recipe is not on record." : null,
        writer => writer.Element("p", "With this file, the same data and the same version the "
            + "run can be done again.").Element("pre", data.RecipeText, ("tabindex", "0")));
}

using System.Text.RegularExpressions;

namespace Kpod.Runs;

/// <summary>The stages' names as a reader knows them.</summary>
internal static partial class StageNames
{
    /// <summary>A stage's name in the manifest, in events and on the page: <c>token weights</c>.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>Its name.</returns>
    public static string Name(this Stage stage) => InnerCapital().Replace(stage.ToString(), " $1").ToLowerInvariant();

    [GeneratedRegex("(?<=.)([A-Z])")]
    private static partial Regex InnerCapital();
}

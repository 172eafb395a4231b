using Kpod.Distillation.Methods;
using Kpod.Reports.Records;

namespace Kpod.Reports.Sections;

/// <summary>Why a section is empty.</summary>
internal static class Absence
{
    /// <summary>The reason in one line.</summary>
    /// <param name="data">The run.</param>
    /// <param name="what">What is missing, in the plural.</param>
    /// <returns>The line.</returns>
    public static string Of(RunReportData data, string what) => !data.Method.Entry().FollowsSchedule
        ? $"This method ({data.Method.Entry().Name}) has no {what}: every token counts alike and the whole rationale is learned from the first epoch on."
        : $"This run has no {what}: the stage is not finished, or the recipe leaves it out.";
}

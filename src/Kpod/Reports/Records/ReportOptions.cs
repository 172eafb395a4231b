namespace Kpod.Reports.Records;

/// <summary>What the page shows; the recipe's section <c>report</c>.</summary>
public sealed record ReportOptions
{
    /// <summary>Rationales in the heat map. The paper's Figure 2 shows a few; at least 20 give an impression.</summary>
    public int HeatMaps { get; init; } = 24;

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        if (HeatMaps is < 1 or > 500)
        {
            yield return $"report.heatMaps is {HeatMaps}; it must lie between 1 and 500.";
        }
    }
}

namespace Kpod.Reports.Charts;

/// <summary>What a chart says to those who do not see it.</summary>
/// <param name="Id">Names the chart on its page.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Description">What there is to be seen, in words and figures.</param>
internal sealed record ChartText(string Id, string Title, string Description);

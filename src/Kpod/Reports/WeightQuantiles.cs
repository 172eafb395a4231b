namespace Kpod.Reports;

/// <summary>How w is spread over the tokens at one step of mask learning.</summary>
/// <param name="Step">Optimizer step of the module.</param>
/// <param name="Percent5">5 % of the tokens lie below.</param>
/// <param name="Percent25">25 % lie below.</param>
/// <param name="Median">Half lie below.</param>
/// <param name="Percent75">75 % lie below.</param>
/// <param name="Percent95">95 % lie below.</param>
public sealed record WeightQuantiles(long Step, double Percent5, double Percent25, double Median, double Percent75, double Percent95);

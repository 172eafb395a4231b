namespace Kpod.Reports;

/// <summary>The answer's negative log-likelihood (NLL) when the predictor has read a part of the rationale.</summary>
/// <param name="Given">Which tokens it sees: <c>whole</c>, <c>none</c>, <c>digits only</c>, <c>kept</c>.</param>
/// <param name="Losses">In nat, summed over the answer's tokens, by where the prefix of the rationale ends: at one, two, three and four quarters.</param>
public sealed record AnswerLossByQuarter(string Given, IReadOnlyList<double> Losses);

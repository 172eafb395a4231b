namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>One learning of the weights at one price.</summary>
/// <param name="Price">alpha of Eq. 7, in nat.</param>
/// <param name="MeanWeight">Mean of w that it ended with.</param>
/// <param name="Fault">What was wrong with the weights; null where they are of use.</param>
public sealed record PriceAttempt(double Price, double MeanWeight, WeightFault? Fault);

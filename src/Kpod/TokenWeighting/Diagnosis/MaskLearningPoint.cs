using System.Globalization;

namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>A look at the weights while they are learned, on rationales that are not learned from.</summary>
/// <param name="Step">Optimizer steps taken.</param>
/// <param name="AnswerLoss">Mean answer loss of the updates since the last look (Eq. 5 in its mean form), in nat an answer.</param>
/// <param name="MeanWeight">Mean of w over all tokens: the expected keep rate.</param>
/// <param name="Quantiles">w at 5, 25, 50, 75 and 95 %.</param>
/// <param name="AveragedMeanWeight">Mean of w under the averaged parameters; null before the averaging begins.</param>
public sealed record MaskLearningPoint(int Step, double AnswerLoss, double MeanWeight, IReadOnlyList<double> Quantiles, double? AveragedMeanWeight)
{
    /// <summary>One line for people.</summary>
    /// <returns>Step, mean weight, quantiles and loss.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"step {Step}: mean w {MeanWeight:0.000}, quantiles {string.Join(' ', Quantiles.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)))}, answer loss {AnswerLoss:0.00}");
}

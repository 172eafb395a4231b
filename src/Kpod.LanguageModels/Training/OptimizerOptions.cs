namespace Kpod.LanguageModels.Training;

/// <summary>How parameters move: Adam and the course of its learning rate.</summary>
public sealed record OptimizerOptions
{
    /// <summary>Highest learning rate, above 0. The paper: 1e-5 for LLaMA-7B, 5e-5 for FlanT5; a small student wants more (5e-4 for 135 M parameters).</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Course of the learning rate after the warm-up. The paper does not say; falling linearly to 0 settles a short training.</summary>
    public LearningRateCourse Course { get; init; } = LearningRateCourse.Linear;

    /// <summary>Optimizer steps over which the rate rises from 0; 0 for none.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Adam's first decay.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's second decay.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment after its bias correction.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay (AdamW); 0 is Adam, the paper's optimizer.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Largest global gradient norm; 0 for no clipping.</summary>
    public double MaximumGradientNorm { get; init; }

    /// <summary>Names every value out of range.</summary>
    /// <param name="section">The recipe section that holds these keys.</param>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check(string section)
    {
        if (!(LearningRate > 0) || !double.IsFinite(LearningRate))
        {
            yield return $"{section}.learningRate is {LearningRate}; it must be above 0, such as 5e-4.";
        }

        if (WarmUpSteps < 0)
        {
            yield return $"{section}.warmUpSteps is {WarmUpSteps}; it must be 0 or more.";
        }

        foreach (var (key, value) in new[] { ("beta1", Beta1), ("beta2", Beta2) })
        {
            if (!(value is >= 0 and < 1))
            {
                yield return $"{section}.{key} is {value}; it must lie in [0, 1).";
            }
        }

        foreach (var (key, value) in new[] { ("epsilon", Epsilon), ("weightDecay", WeightDecay), ("maximumGradientNorm", MaximumGradientNorm) })
        {
            if (!(value >= 0) || !double.IsFinite(value))
            {
                yield return $"{section}.{key} is {value}; it must be 0 or more.";
            }
        }
    }
}

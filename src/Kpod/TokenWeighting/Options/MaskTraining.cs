namespace Kpod.TokenWeighting.Options;

/// <summary>In which order the answer predictor and the weight generator are trained.</summary>
public enum MaskTraining
{
    /// <summary>The predictor first, on rationales with random holes and without a price; then, with it frozen, the generator.</summary>
    PredictorFirst,

    /// <summary>Both at once on Eq. 7 as it is printed. An untrained predictor makes a rationale worth less than its price, and everything may be masked.</summary>
    Joint,
}

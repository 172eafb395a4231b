namespace Kpod.Reports;

/// <summary>Whether mask learning found what the answer depends on.</summary>
public sealed record MaskLearningDiagnosis
{
    /// <summary>The answer's loss with different parts of the rationale given: whole, none, digits only, kept tokens, in that order.</summary>
    public required IReadOnlyList<AnswerLossByQuarter> AnswerLosses { get; init; }

    /// <summary>Mean w of tokens with a digit.</summary>
    public required double MeanWeightOfDigits { get; init; }

    /// <summary>Mean w of operators and the equals sign.</summary>
    public required double MeanWeightOfOperators { get; init; }

    /// <summary>Mean w of all other tokens.</summary>
    public required double MeanWeightOfOthers { get; init; }

    /// <summary>Mean w of all tokens.</summary>
    public required double MeanWeight { get; init; }

    /// <summary>Quantiles of w over the training of the module; empty where they were not recorded.</summary>
    public IReadOnlyList<WeightQuantiles> Quantiles { get; init; } = [];

    /// <summary>Area under the ROC curve of w against planted keypoints; null for data without planted ones.</summary>
    public double? KeypointAuc { get; init; }
}

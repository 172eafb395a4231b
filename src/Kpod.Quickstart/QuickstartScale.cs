namespace Kpod.Quickstart;

/// <summary>The numbers behind a <see cref="QuickstartSize"/> and a <see cref="QuickstartFamily"/>.</summary>
/// <param name="TrainQuestions">Questions to learn from.</param>
/// <param name="HeldOutQuestions">Questions each of validation and test.</param>
/// <param name="RationalesPerQuestion">Rationales of the scripted teacher a question.</param>
/// <param name="PrimerPassages">Passages from which the vocabulary is learned.</param>
/// <param name="PretrainingSteps">Optimizer steps of the base.</param>
/// <param name="PretrainingBatch">Passages a step.</param>
/// <param name="HiddenSize">Width of the base.</param>
/// <param name="Layers">Blocks of the base.</param>
/// <param name="Epochs">Epochs of each distillation.</param>
/// <param name="LearnsWeights">Whether the base reads well enough for token weights to be learned.</param>
/// <param name="MaskRatioWeight">Price of a kept token; a token of so short a rationale saves little.</param>
/// <param name="PredictorSteps">Steps of the answer predictor.</param>
/// <param name="PredictorLearningRate">Learning rate of its adapter.</param>
/// <param name="PrefixesPerRationale">Prefixes that a step looks at; an encoder reads each of them anew.</param>
/// <param name="MaskLearningSteps">Steps of mask learning.</param>
internal sealed record QuickstartScale(
    int TrainQuestions,
    int HeldOutQuestions,
    int RationalesPerQuestion,
    int PrimerPassages,
    int PretrainingSteps,
    int PretrainingBatch,
    int HiddenSize,
    int Layers,
    int Epochs,
    bool LearnsWeights,
    double MaskRatioWeight,
    int PredictorSteps,
    double PredictorLearningRate,
    int PrefixesPerRationale,
    int MaskLearningSteps)
{
    private static readonly QuickstartScale Full = new(600, 150, 3, 4000, 1300, 16, 128, 3, 8, true, 0.1, 300, 1e-4, 4, 400);

    private static readonly QuickstartScale Small = new(48, 12, 2, 600, 30, 8, 48, 2, 2, false, 0.1, 12, 1e-4, 4, 12);

    public static QuickstartScale Of(QuickstartSize size, QuickstartFamily family) => (size, family) switch
    {
        (QuickstartSize.Full, QuickstartFamily.T5) => Full with { PretrainingSteps = 900, MaskRatioWeight = 0.2, PredictorLearningRate = 3e-4, PrefixesPerRationale = 2 },
        (QuickstartSize.Full, _) => Full,
        _ => Small,
    };
}

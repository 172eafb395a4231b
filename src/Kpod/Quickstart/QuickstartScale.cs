namespace Kpod.Quickstart;

/// <summary>The numbers behind a <see cref="QuickstartSize"/>.</summary>
/// <param name="TrainQuestions">Questions to learn from.</param>
/// <param name="HeldOutQuestions">Questions each of validation and test.</param>
/// <param name="RationalesPerQuestion">Rationales of the scripted teacher a question.</param>
/// <param name="PrimerPassages">Passages from which the vocabulary is learned.</param>
/// <param name="PretrainingSteps">Optimizer steps of the base.</param>
/// <param name="PretrainingBatch">Passages a step.</param>
/// <param name="HiddenSize">Width of the base.</param>
/// <param name="Layers">Blocks of the base.</param>
/// <param name="Epochs">Epochs of each distillation.</param>
/// <param name="LearnsWeights">Whether a LLaMA-shaped base reads well enough for token weights to be learned; a T5-shaped one does not (docs/log.md).</param>
/// <param name="PredictorSteps">Steps of the answer predictor.</param>
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
    int PredictorSteps,
    int MaskLearningSteps)
{
    public static QuickstartScale Of(QuickstartSize size) => size switch
    {
        QuickstartSize.Full => new QuickstartScale(600, 150, 3, 4000, 1300, 16, 128, 3, 8, true, 300, 400),
        _ => new QuickstartScale(48, 12, 2, 600, 30, 8, 48, 2, 2, false, 12, 12),
    };
}

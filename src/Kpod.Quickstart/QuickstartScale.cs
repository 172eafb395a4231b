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
    bool LearnsWeights)
{
    private static readonly QuickstartScale Full = new(600, 150, 2, 4000, 1300, 16, 128, 3, 8, true);

    private static readonly QuickstartScale Small = new(48, 12, 2, 600, 30, 8, 48, 2, 5, false);

    public static QuickstartScale Of(QuickstartSize size, QuickstartFamily family) => (size, family) switch
    {
        (QuickstartSize.Full, QuickstartFamily.T5) => Full with { PretrainingSteps = 900 },
        (QuickstartSize.Full, _) => Full,
        _ => Small,
    };
}

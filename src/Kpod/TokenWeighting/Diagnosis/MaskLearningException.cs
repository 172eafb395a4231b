
namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>Mask learning was done as it was asked for and gave nothing of use; the message says what was seen and what to try.</summary>
internal sealed class MaskLearningException : WorkFailedException
{
    /// <summary>Makes a failure with a message meant for the user.</summary>
    /// <param name="message">What was seen and what to try.</param>
    /// <param name="diagnosis">What was measured, where it came that far.</param>
    public MaskLearningException(string message, MaskLearningDiagnosis? diagnosis = null)
        : base(message) => Diagnosis = diagnosis;

    /// <summary>What was measured; null where the answer predictor never learned to read.</summary>
    public MaskLearningDiagnosis? Diagnosis { get; }
}

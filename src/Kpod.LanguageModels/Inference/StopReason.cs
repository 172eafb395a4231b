namespace Kpod.LanguageModels.Inference;

/// <summary>Why a generation ended.</summary>
public enum StopReason
{
    /// <summary>The model wrote one of its end tokens.</summary>
    EndToken,

    /// <summary>A stop text appeared.</summary>
    StopText,

    /// <summary>The largest number of new tokens was reached, or the end of the model's context: the text is cut off.</summary>
    Length,
}

namespace Kpod.LanguageModels.Training;

/// <summary>How the learning rate goes on after its warm-up.</summary>
public enum LearningRateCourse
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls linearly and reaches 0 at the end.</summary>
    Linear,

    /// <summary>It falls as half a cosine wave and reaches 0 at the end.</summary>
    Cosine,
}

namespace Kpod.LanguageModels.Native;

/// <summary>Type of a model's base weights.</summary>
public enum WeightPrecision
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16-bit brain floating point.</summary>
    Bfloat16,
}

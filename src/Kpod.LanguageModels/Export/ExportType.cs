namespace Kpod.LanguageModels.Export;

/// <summary>How the weights of an exported model are stored.</summary>
public enum ExportType
{
    /// <summary>32-bit floating point: what was computed, to the last bit.</summary>
    Float32,

    /// <summary>16-bit floating point: 11 bits of precision, numbers up to 65504.</summary>
    Float16,

    /// <summary>16-bit brain floating point: 8 bits of precision, the range of 32-bit floating point.</summary>
    Bfloat16,

    /// <summary>Q8_0 of GGUF: blocks of 32 whole numbers from -127 to 127 with a scale; 8.5 bits a weight.</summary>
    Q80,
}

namespace Kpod.LanguageModels.Native;

/// <summary>Where a model's numbers are and its arithmetic is done.</summary>
public enum ComputeDevice
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first graphics processor that CUDA shows (the environment variable CUDA_VISIBLE_DEVICES chooses which).</summary>
    Cuda,
}

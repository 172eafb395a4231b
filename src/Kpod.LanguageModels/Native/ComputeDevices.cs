using TorchSharp;

namespace Kpod.LanguageModels.Native;

/// <summary>Finds a device.</summary>
internal static class ComputeDevices
{
    /// <summary>Makes sure that a device can be used.</summary>
    /// <param name="device">Which.</param>
    /// <returns>The device for libtorch.</returns>
    /// <exception cref="KpodException">CUDA is asked for and libtorch has none, or there is no such graphics processor.</exception>
    public static torch.Device Open(ComputeDevice device)
    {
        if (device == ComputeDevice.Cpu)
        {
            return torch.CPU;
        }

        return HasCuda() ? torch.device("cuda:0")
            : throw new KpodException("cuda is asked for (student.device or --device), but this libtorch finds no graphics processor. Build with -p:LibTorch=cuda (docs/guide/gpu.md), look at what nvidia-smi shows, or take cpu.");
    }

    /// <summary>Whether CUDA can be used here.</summary>
    internal static bool HasCuda()
    {
        try
        {
            return torch.cuda.is_available();
        }
        catch (Exception failure) when (failure is NotSupportedException or DllNotFoundException or System.Runtime.InteropServices.ExternalException)
        {
            return false;
        }
    }
}

using TorchSharp;

namespace Kpod.LanguageModels.Testing;

/// <summary>Where the models of the tests are: the processor, or with <c>KPOD_TEST_DEVICE=cuda</c> a graphics processor, held to the same numbers (docs/guide/gpu.md).</summary>
public static class TestDevice
{
    /// <summary>The device; for tensors that a test hands to a model.</summary>
    public static torch.Device Current { get; } = Environment.GetEnvironmentVariable("KPOD_TEST_DEVICE") == "cuda" ? torch.device("cuda:0") : torch.CPU;
}

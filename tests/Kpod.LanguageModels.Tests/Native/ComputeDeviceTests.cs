using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Native;

public sealed class ComputeDeviceTests
{
    [Fact]
    public void The_processor_is_always_there() => Assert.Equal(DeviceType.CPU, ComputeDevices.Open(ComputeDevice.Cpu).type);

    [Fact]
    public void A_missing_graphics_processor_is_one_clear_message()
    {
        Assert.SkipWhen(ComputeDevices.HasCuda(), "There is a graphics processor here.");
        var message = Assert.Throws<KpodException>(() => ComputeDevices.Open(ComputeDevice.Cuda)).Message;
        Assert.Contains("cuda is asked for", message, StringComparison.Ordinal);
        Assert.Contains("-p:LibTorch=cuda", message, StringComparison.Ordinal);
    }
}

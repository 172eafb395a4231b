using System.Runtime.CompilerServices;

namespace Kpod.Tests;

internal static class TestSetup
{
    // A test may touch TorchSharp before any type of Kpod; the library's loader must be installed by then.
    [ModuleInitializer]
    internal static void LoadKpodFirst()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(KpodException).Module.ModuleHandle);
        TorchSharp.torch.set_num_threads(1);
    }
}

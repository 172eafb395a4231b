using System.Runtime.CompilerServices;

namespace Kpod.LanguageModels.Testing;

/// <summary>Compiled into each test project that computes: a test may touch TorchSharp before any type of Kpod, and the loader must be installed by then.</summary>
internal static class TestSetup
{
    [ModuleInitializer]
    internal static void LoadKpodFirst()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(ILanguageModel).Module.ModuleHandle);
        TorchSharp.torch.set_num_threads(1);
    }
}

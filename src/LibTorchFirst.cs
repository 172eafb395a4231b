using System.Runtime.CompilerServices;

namespace Kpod;

/// <summary>Lets Kpod.LanguageModels install its loader before this assembly touches TorchSharp: compiled into each that does so by itself.</summary>
internal static class LibTorchFirst
{
#pragma warning disable CA2255 // Only a module's initializer is early enough.
    [ModuleInitializer]
    internal static void Load() => RuntimeHelpers.RunModuleConstructor(typeof(LanguageModels.ILanguageModel).Module.ModuleHandle);
#pragma warning restore CA2255
}

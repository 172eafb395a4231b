using System.Reflection;
using System.Runtime.InteropServices;
using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.Runs;

/// <summary>What a run ran on: <c>environment.json</c>.</summary>
/// <param name="Kpod">Version and commit of Kpod.</param>
/// <param name="TorchSharp">Version of the binding.</param>
/// <param name="LibTorch">Version of libtorch.</param>
/// <param name="DotNet">Version of the runtime.</param>
/// <param name="OperatingSystem">The system.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="ProcessorCount">Logical processors.</param>
/// <param name="Device">Where the student is.</param>
/// <param name="Threads">Threads of the matrix library.</param>
/// <param name="Seed">The run's seed.</param>
internal sealed record RunEnvironment(
    string Kpod, string TorchSharp, string LibTorch, string DotNet, string OperatingSystem, string Processor, int ProcessorCount, ComputeDevice Device, int Threads, long Seed)
{
    /// <summary>Describes this machine and process.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="device">Where the student is.</param>
    /// <returns>The description.</returns>
    public static RunEnvironment Here(long seed, ComputeDevice device) => new(
        Version(typeof(RunEnvironment).Assembly),
        Version(typeof(torch).Assembly),
        torch.__version__,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        ProcessorName(),
        Environment.ProcessorCount,
        device,
        torch.get_num_threads(),
        seed);

    private static string Version(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "unknown";

    private static string ProcessorName()
    {
        const string Source = "/proc/cpuinfo";
        var line = File.Exists(Source) ? File.ReadLines(Source).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}

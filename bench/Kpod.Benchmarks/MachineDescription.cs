using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace Kpod.Benchmarks;

/// <summary>The machine and the versions that a result was measured with.</summary>
internal static class MachineDescription
{
    // What decides how fast matrix products are.
    private static readonly string[] Flags = ["avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8"];

    private static readonly string[] Shown = ["TorchSharp", "libtorch-cpu-linux-x64", "LLamaSharp", "Tokenizers.DotNet"];

    /// <summary>Lines for the foot of a result.</summary>
    /// <returns>One a fact.</returns>
    public static IEnumerable<string> Lines()
    {
        var processor = File.Exists("/proc/cpuinfo") ? File.ReadAllLines("/proc/cpuinfo") : [];
        var flags = Value(processor, "flags").Split(' ');
        yield return $"Processor: {Value(processor, "model name")} (family {Value(processor, "cpu family")}, model {Value(processor, "model")}), {Environment.ProcessorCount} cores; "
            + string.Join(", ", Flags.Select(flag => $"{flag} {(flags.Contains(flag) ? "yes" : "no")}"));
        yield return $"Memory: {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0.0} GiB; load average at the end: {Load()}";
        yield return $"System: {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
        yield return $"Kpod: {Commit()}; {string.Join(", ", Packages())}";
    }

    private static string Value(string[] lines, string key) =>
        Array.Find(lines, line => line.Split(':')[0].Trim() == key)?.Split(':', 2)[1].Trim() ?? "unknown";

    private static string Load() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    private static IEnumerable<string> Packages() => XDocument.Load(Path.Combine(BenchmarkSettings.RepositoryRoot, "Directory.Packages.props")).Descendants("PackageVersion")
        .Where(package => Shown.Contains((string)package.Attribute("Include")!)).Select(package => $"{(string)package.Attribute("Include")!} {(string)package.Attribute("Version")!}");

    private static string Commit()
    {
        var commit = Git("rev-parse", "--short", "HEAD");
        return commit.Length == 0 ? "commit unknown" : $"commit {commit}{(Git("status", "--porcelain", "--", "src", "bench/Kpod.Benchmarks", "bench/peers").Length > 0 ? " with changes" : string.Empty)}";
    }

    private static string Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = BenchmarkSettings.RepositoryRoot })!;
            return git.StandardOutput.ReadToEnd().Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return string.Empty;
        }
    }
}

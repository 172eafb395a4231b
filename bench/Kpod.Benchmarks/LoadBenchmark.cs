using System.Diagnostics;
using System.Globalization;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Export;
using TorchSharp;

namespace Kpod.Benchmarks;

/// <summary>Loading a checkpoint, against reading as many bytes into fresh memory, and what the loaded model takes.</summary>
internal static class LoadBenchmark
{
    /// <summary>The argument with which this program loads one model and says what memory it took.</summary>
    public const string Once = "load-once";

    private const int PieceBytes = 1 << 28;

    /// <summary>Measures and writes <c>load.md</c>.</summary>
    /// <param name="settings">What every measurement is told.</param>
    public static void Run(BenchmarkSettings settings)
    {
        torch.set_num_threads(settings.Threads);
        var folder = Directory.CreateTempSubdirectory("kpod-benchmark-").FullName;
        try
        {
            var (safetensors, gguf) = (Path.Combine(folder, "model"), Path.Combine(folder, "model.gguf"));
            ModelExporter.Export(new ExportOptions { Model = settings.Model, Target = safetensors, Format = ExportFormat.HuggingFace, Type = ExportType.Bfloat16, Tolerance = 1 });
            ModelExporter.Export(new ExportOptions { Model = settings.Model, Target = gguf, Format = ExportFormat.Gguf, Type = ExportType.Bfloat16, Tolerance = 1 });
            var page = new ResultPage("load", "Loading a checkpoint");
            page.Table(
                ["", "bytes of weights", "seconds", "GB/s", "reading as many bytes, GB/s", "speed against reading (clock)", "(processor time)", "memory taken / bytes of weights", "at the peak"],
                [
                    Measure("Hugging Face folder, bfloat16", safetensors, settings),
                    Measure("GGUF, BF16", gguf, settings),
                    Measure($"{Path.GetFileName(settings.Model)} to bfloat16 (decoded)", settings.Model, settings),
                ]);
            page.Say($"The model alone, without its tokenizer, {settings.Rounds ?? 9} times in turns with reading as many bytes as its weights have from a file into memory that was just allocated; files in the system's cache on either side, so this is the speed of memory, "
                + "not of the disk. Memory: growth of the resident size over the loading in a process of its own in which libtorch was loaded already; 1 means that nothing but the weights stays.");
            page.Write(settings);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Loads a model and prints bytes of weights, growth of the resident size, and growth at its peak.</summary>
    /// <param name="path">The model.</param>
    public static void LoadOnce(string path)
    {
        torch.zeros(1).Dispose();
        var before = ResidentBytes("VmRSS");
        using var model = CheckpointLoader.LoadModel(path, torch.ScalarType.BFloat16, torch.CPU);
        var after = ResidentBytes("VmRSS");
        Console.WriteLine(FormattableString.Invariant($"{Bytes(model)} {after - before} {ResidentBytes("VmHWM") - before}"));
    }

    private static string[] Measure(string name, string path, BenchmarkSettings settings)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Once, path]) { RedirectStandardOutput = true })!;
        var numbers = process.StandardOutput.ReadToEnd().Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        process.WaitForExit();
        var (bytes, taken, peak) = (numbers[0], numbers[1], numbers[2]);
        var (load, read) = (new Side("load"), new Side("read"));
        var source = new FileInfo(path).Exists ? path : Path.Combine(path, "model.safetensors");
        Side.Alternate(
            settings.Rounds ?? 9,
            () => load.Add(Sample.Of(() => CheckpointLoader.LoadModel(path, torch.ScalarType.BFloat16, torch.CPU).Dispose())),
            () => read.Add(Sample.Of(() => Read(source, bytes))));
        return
        [
            name, bytes.ToString("N0", CultureInfo.InvariantCulture), ResultPage.Number(load.Wall), ResultPage.Number(bytes / 1e9 / load.Wall), ResultPage.Number(bytes / 1e9 / read.Wall),
            ResultPage.Number(load.SpeedAgainst(read, sample => sample.Wall)), ResultPage.Number(load.SpeedAgainst(read, sample => sample.Processor)),
            ResultPage.Number((double)taken / bytes), ResultPage.Number((double)peak / bytes),
        ];
    }

    // From the start again where the file is shorter than its decoded weights.
    private static void Read(string path, long bytes)
    {
        using var memory = torch.empty(bytes, dtype: torch.ScalarType.Byte);
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        for (long done = 0, place = 0; done < bytes;)
        {
            using var piece = memory.narrow(0, done, Math.Min(Math.Min(bytes - done, PieceBytes), length - place));
            var count = RandomAccess.Read(file, piece.bytes, place);
            done += count;
            place = place + count == length ? 0 : place + count;
        }
    }

    private static long Bytes(ILanguageModel model) => model.Weights.Sum(weight => weight.Value.numel() * weight.Value.ElementSize);

    private static long ResidentBytes(string key) =>
        long.Parse(Array.Find(File.ReadAllLines("/proc/self/status"), line => line.StartsWith(key, StringComparison.Ordinal))!.Split(':')[1].Replace("kB", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
}

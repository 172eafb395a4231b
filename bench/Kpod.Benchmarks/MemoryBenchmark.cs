using System.Diagnostics;
using System.Text.Json;

namespace Kpod.Benchmarks;

/// <summary>
/// The memory of a LoRA step on the paper's students. Each case is a process of its own and takes minutes and most of a machine, so cases can be measured one at a time: their figures are kept
/// beside the page, which is written anew from all of them.
/// </summary>
internal static class MemoryBenchmark
{
    private const double Gibibyte = 1L << 30;

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    private static readonly (string Name, string Title, double LimitGibibytes, MemoryStep Step)[] Cases =
    [
        ("llama-7b-bfloat16", "LLaMA-7B, bfloat16, rank 64, 1 x 256", 20, new("llama-7b", Kept: false, Checkpointing: false, Rank: 64, Batch: 1, Length: 256, Steps: 2, Threads: 1, Folder: string.Empty)),
        ("llama-7b-bfloat16-checkpointing", "LLaMA-7B, bfloat16, rank 64, 1 x 256, gradient checkpointing", 20, new("llama-7b", Kept: false, Checkpointing: true, Rank: 64, Batch: 1, Length: 256, Steps: 2, Threads: 1, Folder: string.Empty)),
        ("llama-7b-q4_0", "LLaMA-7B, Q4_0 kept, rank 64, 1 x 256", 9, new("llama-7b", Kept: true, Checkpointing: false, Rank: 64, Batch: 1, Length: 256, Steps: 2, Threads: 1, Folder: string.Empty)),
        ("llama-7b-q4_0-checkpointing", "LLaMA-7B, Q4_0 kept, rank 64, 1 x 256, gradient checkpointing", 9, new("llama-7b", Kept: true, Checkpointing: true, Rank: 64, Batch: 1, Length: 256, Steps: 2, Threads: 1, Folder: string.Empty)),
        ("flan-t5-xl-bfloat16", "FlanT5-XL, bfloat16, rank 128, 1 x (256 + 256)", 20, new("flan-t5-xl", Kept: false, Checkpointing: false, Rank: 128, Batch: 1, Length: 256, Steps: 2, Threads: 1, Folder: string.Empty)),
        ("flan-t5-xl-bfloat16-checkpointing", "FlanT5-XL, bfloat16, rank 128, 1 x (256 + 256), gradient checkpointing", 20, new("flan-t5-xl", Kept: false, Checkpointing: true, Rank: 128, Batch: 1, Length: 256, Steps: 2, Threads: 1, Folder: string.Empty)),
        ("smollm2-135m-bfloat16", "SmolLM2-135M, bfloat16, rank 64, 4 x 256", double.NaN, new("smollm2-135m", Kept: false, Checkpointing: false, Rank: 64, Batch: 4, Length: 256, Steps: 3, Threads: 1, Folder: string.Empty)),
        ("smollm2-135m-bfloat16-checkpointing", "SmolLM2-135M, bfloat16, rank 64, 4 x 256, gradient checkpointing", double.NaN, new("smollm2-135m", Kept: false, Checkpointing: true, Rank: 64, Batch: 4, Length: 256, Steps: 3, Threads: 1, Folder: string.Empty)),
    ];

    /// <summary>Names of the cases.</summary>
    public static IEnumerable<string> Names => Cases.Select(benchmark => benchmark.Name);

    /// <summary>Measures cases and writes the page of all that were measured so far.</summary>
    /// <param name="settings">What every measurement is told.</param>
    /// <param name="names">The cases; none for all.</param>
    public static void Run(BenchmarkSettings settings, IReadOnlyList<string> names)
    {
        if (names.Except(Names).FirstOrDefault() is { } unknown)
        {
            throw new KpodException($"'{unknown}' is no case of the memory measurement; there are {string.Join(", ", Names)}");
        }

        var folder = Path.Combine(settings.Results, "memory");
        Directory.CreateDirectory(folder);
        foreach (var (name, _, _, step) in Cases.Where(benchmark => names.Count == 0 || names.Contains(benchmark.Name)))
        {
            var figures = Measure(step with { Threads = settings.Threads, Folder = Path.Combine(Path.GetTempPath(), "kpod-benchmarks") });
            string[] with = [$"Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC with `{settings.Command}`, {settings.Threads} threads", .. MachineDescription.Lines()];
            File.WriteAllText(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(new MeasuredMemory(figures, with), Layout) + "\n");
        }

        Write(settings, folder);
    }

    private static MemoryFigures Measure(MemoryStep step)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [MemoryStep.Verb, JsonSerializer.Serialize(step)]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<MemoryFigures>(output)!
            : throw new KpodException(process.ExitCode == MemoryGuard.ExitCode ? $"{step.Shape} was ended by its guard; free memory first" : $"{step.Shape} ended with exit code {process.ExitCode}");
    }

    private static void Write(BenchmarkSettings settings, string folder)
    {
        var measured = Cases.Select(benchmark => (benchmark.Title, benchmark.LimitGibibytes, Path: Path.Combine(folder, benchmark.Name + ".json")))
            .Where(benchmark => File.Exists(benchmark.Path))
            .Select(benchmark => (benchmark.Title, benchmark.LimitGibibytes, Measured: JsonSerializer.Deserialize<MeasuredMemory>(File.ReadAllText(benchmark.Path))!)).ToArray();
        var page = new ResultPage("memory", "Memory of a LoRA step");
        page.Table(
            ["student", "peak, GiB", "limit, GiB", "student loaded, GiB", "peak of loading, GiB", "processor seconds a step", "losses", "weights decoded in a processor second, millions"],
            measured.Select(row => new[]
            {
                row.Title,
                $"**{ResultPage.Number(row.Measured.Figures.PeakBytes / Gibibyte)}**",
                double.IsNaN(row.LimitGibibytes) ? string.Empty : ResultPage.Number(row.LimitGibibytes),
                ResultPage.Number(row.Measured.Figures.LoadedBytes / Gibibyte),
                ResultPage.Number(row.Measured.Figures.LoadingPeakBytes / Gibibyte),
                ResultPage.Number(row.Measured.Figures.ProcessorSecondsPerStep),
                string.Join(", ", row.Measured.Figures.Losses.Select(loss => loss.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture))),
                row.Measured.Figures.DecodedPerSecond > 0 ? ResultPage.Number(row.Measured.Figures.DecodedPerSecond / 1e6) : string.Empty,
            }));
        page.Say("The largest resident size (VmHWM) of a process that loads the student, attaches an adapter to every linear map and takes its optimizer steps (float32 adapter, Adam), every token behind "
            + "the first 50 supervised (of an encoder-decoder every token of the response), random weights. 'Q4_0 kept' is a .gguf file whose linear maps stay in their blocks (student.keepQuantised); embedding and output layer are bfloat16.");
        foreach (var group in measured.GroupBy(row => string.Join('\n', row.Measured.With)))
        {
            page.Say($"{string.Join("; ", group.Select(row => row.Title))}:\n" + string.Join('\n', group.First().Measured.With.Select(line => $"- {line}")));
        }

        page.Write(settings);
    }
}

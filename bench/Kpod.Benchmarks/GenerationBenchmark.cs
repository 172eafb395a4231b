using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Export;
using Kpod.LanguageModels.Inference;
using TorchSharp;

namespace Kpod.Benchmarks;

/// <summary>Greedy writing with SmolLM2-135M in bfloat16, one text and sixteen at once, against llama.cpp with the same file.</summary>
internal static class GenerationBenchmark
{
    private const int NewTokens = 48;
    private const int ShortestPrompt = 40;
    private const int LongestPrompt = 90;

    private static readonly int[] Counts = [1, 16];

    /// <summary>Measures and writes <c>generate.md</c>.</summary>
    /// <param name="settings">What every measurement is told.</param>
    public static void Run(BenchmarkSettings settings)
    {
        torch.set_num_threads(settings.Threads);
        var gguf = Path.Combine(Path.GetTempPath(), $"kpod-benchmark-{Environment.ProcessId}.gguf");
        try
        {
            ModelExporter.Export(new ExportOptions { Model = settings.Model, Target = gguf, Format = ExportFormat.Gguf, Type = ExportType.Bfloat16, Tolerance = 1 });
            var page = new ResultPage("generate", "Generation against llama.cpp");
            var rows = Counts.SelectMany(count => Compare(gguf, count, settings)).ToList();
            page.Table(["", "texts at once", "Kpod, tokens/s", "llama.cpp, tokens/s", "ratio (clock)", "ratio (processor time)", "equal tokens"], rows);
            page.Say($"{Path.GetFileName(settings.Model)}, written out as BF16 and loaded by both; prompts of {ShortestPrompt} to {LongestPrompt - 1} random tokens, {NewTokens} new tokens each, greedy; {settings.Threads} thread(s) "
                + "on either side, in turns. \"Writing\" is every token but the first, \"reading\" the prompts with the first token (for Kpod with packing the weights, which evaluation does once for all its questions). "
                + "A ratio above 1: Kpod is faster. Equal tokens: share of places where both wrote the same token up to the first difference of a text. llama.cpp through LLamaSharp with its own defaults (keys and values in half precision).");
            page.Write(settings);
        }
        finally
        {
            File.Delete(gguf);
        }
    }

    private static IEnumerable<string[]> Compare(string gguf, int count, BenchmarkSettings settings)
    {
        using var checkpoint = CheckpointLoader.Load(gguf, torch.ScalarType.BFloat16, torch.CPU);
        using var peer = new LlamaCpp(gguf, count, LongestPrompt + NewTokens + 1, settings.Threads);
        var random = Seeds.Generator(1, "benchmark prompts");
        int[][] prompts = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(ShortestPrompt, LongestPrompt)).Select(_ => random.Next(checkpoint.Model.VocabularySize)).ToArray())];
        var generator = new TextGenerator(checkpoint.Model, checkpoint.Tokenizer, []);
        var (oursRead, theirsRead) = (new Side("Kpod"), new Side("llama.cpp"));
        var (ours, theirs) = (new Side("Kpod"), new Side("llama.cpp"));
        int[][] ids = [], peerIds = [];
        Side.Alternate(
            settings.Rounds ?? 3,
            () =>
            {
                var run = Writing.Of(read => ids = Write(generator, prompts, read));
                oursRead.Add(run.Read);
                ours.Add(run.Written);
            },
            () =>
            {
                var run = Writing.Of(read => peerIds = peer.Write(prompts, NewTokens, read));
                theirsRead.Add(run.Read);
                theirs.Add(run.Written);
            });
        return
        [
            Row("writing", count, count * (NewTokens - 1), ours, theirs, ResultPage.Number(ids.Zip(peerIds, Equal).Average())),
            Row("reading", count, prompts.Sum(prompt => prompt.Length), oursRead, theirsRead, string.Empty),
        ];
    }

    private static int[][] Write(TextGenerator generator, int[][] prompts, Action promptsRead)
    {
        var progress = new FirstReport(promptsRead);
        return [.. generator.Generate(prompts, new GenerationOptions { MaximumNewTokens = NewTokens, BatchSize = prompts.Length }, progress).Select(text => text.Ids)];
    }

    private static string[] Row(string name, int count, int tokens, Side ours, Side theirs, string equal)
    {
        string[] row =
        [
            name, $"{count}", ResultPage.Number(tokens / ours.Wall), ResultPage.Number(tokens / theirs.Wall),
            ResultPage.Number(ours.SpeedAgainst(theirs, sample => sample.Wall)), ResultPage.Number(ours.SpeedAgainst(theirs, sample => sample.Processor)), equal,
        ];
        Console.Error.WriteLine(string.Join("  ", row));
        return row;
    }

    private static double Equal(int[] ours, int[] theirs) => (double)ours.AsSpan().CommonPrefixLength(theirs) / ours.Length;

    private sealed class FirstReport(Action act) : IProgress<GenerationProgress>
    {
        private bool _isDone;

        public void Report(GenerationProgress value)
        {
            if (!_isDone)
            {
                act();
            }

            _isDone = true;
        }
    }
}

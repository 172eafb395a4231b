using System.Text.Json;
using System.Text.Json.Nodes;
using Kpod.Tokenizers.Files;

namespace Kpod.Benchmarks;

/// <summary>Encoding questions and rationales with one thread, against the tokenizers of Hugging Face (Rust) through Tokenizers.DotNet, with the same files.</summary>
internal static class TokenizingBenchmark
{
    private const int Characters = 1_500_000;

    private static readonly (string Name, string[] Path)[] Files =
    [
        ("SmolLM2, byte-level BPE", ["models", "SmolLM2-135M-Instruct", "tokenizer.json"]),
        ("LLaMA, BPE with byte fallback", ["fixtures", "tokenizers", "llama", "tokenizer.json"]),
        ("FlanT5, Unigram", ["fixtures", "tokenizers", "flan-t5", "tokenizer.json"]),
    ];

    private static readonly string[] DataSets = ["svamp", "gsm8k", "asdiv", "csqa"];

    /// <summary>Measures and writes <c>tokenize.md</c>.</summary>
    /// <param name="settings">What every measurement is told.</param>
    public static void Run(BenchmarkSettings settings)
    {
        var texts = Texts(settings);
        var total = texts.Sum(text => (double)text.Length);
        var rows = Files.Select(file => Compare(file.Name, settings.PathOf(file.Path), texts, total, settings)).ToList();
        var page = new ResultPage("tokenize", "Tokenizing against Hugging Face's tokenizers (Rust)");
        page.Table(["tokenizer", "Kpod, Mchar/s", "Tokenizers.DotNet, Mchar/s", "ratio (clock)", "ratio (processor time)", "texts with other ids"], rows);
        page.Say($"One thread; {texts.Count:N0} questions and rationales of {string.Join(", ", DataSets)}, {total / 1e6:0.0} million characters, encoded in turns by tokenizers loaded anew each time. "
            + "A ratio above 1: Kpod is faster. Kpod also finds where in the text each token stands, which Tokenizers.DotNet does not. Its truncation and padding are switched off; "
            + "both recognise special tokens and add what the tokenizer's post-processor adds.");
        page.Write(settings);
    }

    private static string[] Compare(string name, string path, List<string> texts, double total, BenchmarkSettings settings)
    {
        var plain = Path.GetTempFileName();
        try
        {
            File.WriteAllText(plain, WithoutCuts(path));
            var (kpod, rust) = (new Side("Kpod"), new Side("Tokenizers.DotNet"));
            int[][] ids = [], theirIds = [];

            // Fresh ones each round: a user encodes a text once, with nothing in the caches of either.
            Side.Alternate(
                settings.Rounds ?? 7,
                () =>
                {
                    var tokenizer = TokenizerFile.Load(path);
                    kpod.Add(Sample.Of(() => ids = EncodeAll(texts, text => [.. tokenizer.EncodeWithSpecialTokens(text, recogniseSpecialTokens: true)])));
                },
                () =>
                {
                    using var tokenizer = new global::Tokenizers.DotNet.Tokenizer(plain);
                    rust.Add(Sample.Of(() => theirIds = EncodeAll(texts, text => Array.ConvertAll(tokenizer.Encode(text), id => (int)id))));
                });
            return
            [
                name, ResultPage.Number(total / 1e6 / kpod.Processor), ResultPage.Number(total / 1e6 / rust.Processor),
                ResultPage.Number(kpod.SpeedAgainst(rust, sample => sample.Wall)), ResultPage.Number(kpod.SpeedAgainst(rust, sample => sample.Processor)),
                $"{ids.Zip(theirIds, (left, right) => left.AsSpan().SequenceEqual(right)).Count(same => !same)} of {texts.Count}",
            ];
        }
        finally
        {
            File.Delete(plain);
        }
    }

    private static int[][] EncodeAll(List<string> texts, Func<string, int[]> encode) => [.. texts.Select(encode)];

    // Tokenizers.DotNet cuts silently at what the file says, and has no switch for it.
    private static string WithoutCuts(string path)
    {
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        (root["truncation"], root["padding"]) = (null, null);
        return root.ToJsonString();
    }

    // Every so many questions and rationales of each data set, so that all of them are in it.
    private static List<string> Texts(BenchmarkSettings settings)
    {
        var all = DataSets.SelectMany(set => File.ReadLines(settings.PathOf("data", set, "train.jsonl"))).SelectMany(TextsOf).ToList();
        var stride = Math.Max(1, (int)(all.Sum(text => (long)text.Length) / Characters));
        return [.. all.Where((_, index) => index % stride == 0)];
    }

    private static IEnumerable<string> TextsOf(string line)
    {
        using var document = JsonDocument.Parse(line);
        return [document.RootElement.GetProperty("question").GetString()!, .. document.RootElement.GetProperty("rationales").EnumerateArray().Select(rationale => rationale.GetProperty("text").GetString()!)];
    }
}

using System.CommandLine;
using System.Text.Json;
using BenchmarkDotNet.Running;
using Kpod;
using Kpod.Benchmarks;

if (args is [StartBenchmark.Nothing])
{
    return 0;
}

if (args is [LoadBenchmark.Once, var path])
{
    LoadBenchmark.LoadOnce(path);
    return 0;
}

if (args is [MemoryStep.Verb, var told])
{
    JsonSerializer.Deserialize<MemoryStep>(told)!.Run();
    return 0;
}

var threads = new Option<int>("--threads") { Description = "Threads of either side.", DefaultValueFactory = _ => 2, Recursive = true };
var rounds = new Option<int?>("--rounds") { Description = "Rounds that count; each measurement has a number of its own.", Recursive = true };
var shared = new Option<string>("--shared")
{
    Description = "Folder with models, tokenizers and texts.",
    DefaultValueFactory = _ => Path.Combine(BenchmarkSettings.RepositoryRoot, "..", "shared"),
    Recursive = true,
};
var model = new Option<string?>("--model") { Description = "A .gguf file of a LLaMA; SmolLM2-135M of the shared folder if none is named.", Recursive = true };
var peer = new Option<string?>("--peer") { Description = "A Python that has PyTorch, to be measured beside ours (step); without it only ours is.", Recursive = true };
var peerLibrary = new Option<string>("--peer-library") { Description = "What the peer computes with: plain PyTorch, or transformers with PEFT.", DefaultValueFactory = _ => "plain", Recursive = true };
peerLibrary.AcceptOnlyFromAmong("plain", "transformers");
var results = new Option<string>("--results")
{
    Description = "Folder that the results are written to.",
    DefaultValueFactory = _ => Path.Combine(BenchmarkSettings.RepositoryRoot, "bench", "results"),
    Recursive = true,
};
var root = new RootCommand("Measures Kpod against what a user would take instead. Each verb writes one page to bench/results/.") { threads, rounds, shared, model, peer, peerLibrary, results };
(string Name, string Description, Action<BenchmarkSettings> Run)[] verbs =
[
    ("start", "How long 'kpod --help' takes.", StartBenchmark.Run),
    ("tokenize", "Encoding texts, against the tokenizers of Hugging Face (Rust).", TokenizingBenchmark.Run),
    ("generate", "Writing and reading tokens, against llama.cpp.", GenerationBenchmark.Run),
    ("step", "A LoRA step, as a share of the matmul ceiling and beside PyTorch.", StepBenchmark.Run),
    ("load", "Loading a checkpoint, against reading as many bytes.", LoadBenchmark.Run),
];
foreach (var (name, description, run) in verbs)
{
    var verb = new Command(name, description);
    verb.SetAction(parsed => run(SettingsOf(parsed)));
    root.Add(verb);
}

var all = new Command("all", "Every measurement above, one after the other.");
all.SetAction(parsed => Array.ForEach(verbs, verb => verb.Run(SettingsOf(parsed))));
root.Add(all);
var cases = new Argument<string[]>("cases") { Description = $"Which, all unless named: {string.Join(", ", MemoryBenchmark.Names)}.", Arity = ArgumentArity.ZeroOrMore };
var memory = new Command("memory", "The peak of a LoRA step on LLaMA-7B and FlanT5-XL shapes; takes most of a machine, so it is no part of 'all'.") { cases };
memory.SetAction(parsed => MemoryBenchmark.Run(SettingsOf(parsed), parsed.GetValue(cases)!));
root.Add(memory);
var schedule = new Command("schedule", "Planning schedules of many rationales (BenchmarkDotNet; writes to BenchmarkDotNet.Artifacts/).");
schedule.SetAction(_ => BenchmarkRunner.Run<ScheduleBenchmarks>());
root.Add(schedule);
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (KpodException fault)
{
    Console.Error.WriteLine($"benchmarks: {fault.Message}");
    return 2;
}

BenchmarkSettings SettingsOf(ParseResult parsed) => new(
    $"dotnet run -c Release --project bench/Kpod.Benchmarks -- {string.Join(' ', args)}",
    parsed.GetValue(threads), parsed.GetValue(rounds), parsed.GetValue(shared)!, parsed.GetValue(model), parsed.GetValue(peer), parsed.GetValue(peerLibrary)!, parsed.GetValue(results)!);

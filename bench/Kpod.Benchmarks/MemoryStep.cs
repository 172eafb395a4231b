using System.Globalization;
using System.Text.Json;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.Benchmarks;

/// <summary>LoRA steps on a large student in a process of its own, whose peak is then the peak of this work.</summary>
/// <param name="Shape">llama-7b, flan-t5-xl or smollm2-135m.</param>
/// <param name="Kept">Whether its linear maps are random blocks of Q4_0 and stay so.</param>
/// <param name="Checkpointing">Whether activations are computed again in the backward pass.</param>
/// <param name="Rank">Rank of the adapter, which is on every linear map.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Length">Tokens of a sequence; of an encoder-decoder those of prompt and of response each.</param>
/// <param name="Steps">Optimizer steps.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Folder">Where a file with random blocks is written, or found again.</param>
internal sealed record MemoryStep(string Shape, bool Kept, bool Checkpointing, int Rank, int Batch, int Length, int Steps, int Threads, string Folder)
{
    /// <summary>The argument in front of a step that is told to this program.</summary>
    public const string Verb = "memory-step";

    // Before the measured steps: prompts are not supervised.
    private const int PromptLength = 50;
    private const long MostBytes = 20L << 30;

    /// <summary>Takes the steps and prints a <see cref="MemoryFigures"/> as JSON.</summary>
    public void Run()
    {
        using var guard = new MemoryGuard(MostBytes);
        torch.set_num_threads(Threads);
        using var student = Student();
        var loaded = MemoryGuard.Own("VmRSS");
        var peakOfLoading = MemoryGuard.Own("VmHWM");
        student.GradientCheckpointing = Checkpointing;
        var adapter = LoraAdapter.Attach(student, new LoraOptions { Rank = Rank }, seed: 1);
        var options = new OptimizerOptions { LearningRate = 1e-4, Course = LearningRateCourse.Constant };
        using var adam = new Adam(adapter.Parameters, options);
        var step = new OptimizerStep(adam, options, Steps);
        var batch = MakeBatch(student);
        var weights = Enumerable.Repeat(1f, batch.SupervisedCount).ToArray();
        var (losses, seconds, processor) = (new List<double>(), new List<double>(), new List<double>());
        for (var index = 0; index < Steps; index++)
        {
            var (started, used) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
            losses.Add(step.Take([() => TokenLoss.Weighted(TokenLoss.NegativeLogLikelihoods(student, batch), weights)], _ => "random tokens").Loss);
            seconds.Add(TimeProvider.System.GetElapsedTime(started).TotalSeconds);
            processor.Add((Environment.CpuUsage.TotalTime - used).TotalSeconds);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {index + 1}: loss {losses[^1]:0.0000}, {seconds[^1]:0.0} s ({processor[^1]:0.0} s of processor time), peak so far {MemoryGuard.Own("VmHWM") >> 20} MiB"));
        }

        var peak = MemoryGuard.Own("VmHWM");
        Console.WriteLine(JsonSerializer.Serialize(new MemoryFigures(peakOfLoading, loaded, peak, seconds.Min(), processor.Min(), losses, DecodedPerSecond(student))));
    }

    // The maps of one block, after the steps: code and memory are warm.
    private static double DecodedPerSecond(ILanguageModel student)
    {
        torch.set_num_threads(1);
        Linear[] quantised = [.. student.Linears.Where(linear => linear.IsQuantised).Take(7)];
        var used = Environment.CpuUsage.TotalTime;
        foreach (var linear in quantised)
        {
            linear.DenseWeight().Dispose();
        }

        return quantised.Sum(linear => linear.Outputs * linear.Inputs) / Math.Max((Environment.CpuUsage.TotalTime - used).TotalSeconds, 1e-9);
    }

    private ILanguageModel Student()
    {
        ModelConfiguration configuration = Shape switch
        {
            "llama-7b" => StudentShape.Llama7B,
            "flan-t5-xl" => StudentShape.FlanT5Xl,
            "smollm2-135m" => StudentShape.SmolLm2 with { TiedEmbeddings = !Kept },
            _ => throw new KpodException($"{Shape}: no such shape; there are llama-7b, flan-t5-xl and smollm2-135m"),
        };
        if (!Kept)
        {
            return configuration.Build(new RandomWeights(configuration, seed: 1, torch.ScalarType.BFloat16));
        }

        var file = Path.Combine(Folder, $"{Shape}-random-Q4_0.gguf");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Folder);
            RandomGgufFile.Write(file, (LlamaConfiguration)configuration);
        }

        return CheckpointLoader.LoadModel(file, torch.ScalarType.BFloat16, torch.CPU, keepsQuantised: true);
    }

    private TeacherForcedBatch MakeBatch(ILanguageModel student)
    {
        var random = Seeds.Generator(1, "benchmark tokens");
        var prompt = student.IsCausal ? PromptLength : Length;
        int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(student.VocabularySize))];
        var responses = Enumerable.Range(0, Batch).Select(_ => Ids(student.IsCausal ? Length - prompt : Length)).ToArray();
        return new TeacherForcedBatch(
            [.. Enumerable.Range(0, Batch).Select(_ => Ids(prompt))], responses, [.. responses.Select(response => Enumerable.Repeat(true, response.Length).ToArray())]);
    }
}

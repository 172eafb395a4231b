using System.Text.Json;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Testing;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints.Gguf;

public sealed class GgufModelTests
{
    public static TheoryData<string> Names => [.. RecordedModels.GgufFiles];

    private const double Tolerance = 1e-5;

    private static ITestOutputHelper? Log => TestContext.Current.TestOutputHelper;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_shape_is_the_one_that_the_checkpoint_gives(string name)
    {
        using var description = Describe(name);
        using var file = new GgufFile(Path(name));
        var expected = Variant(description) is { } variant
            ? ModelArchitectures.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "models", variant, "config.json")), variant)
            : ModelArchitectures.Parse(description.RootElement.GetProperty("config").GetRawText(), name);
        var actual = GgufConfiguration.Read(file);

        // What the file cannot say: that a llama is a mistral, and how fresh weights were once drawn.
        expected = expected switch
        {
            LlamaConfiguration { RopeScaling: not null } llama => llama with { RopeScaling = ((LlamaConfiguration)actual).RopeScaling },
            LlamaConfiguration llama => llama with { Family = llama.Family == "mistral" ? "llama" : llama.Family },
            T5Configuration t5 => t5 with { TiedEmbeddings = ((T5Configuration)actual).TiedEmbeddings }, // transformers 5 writes true for every T5
            _ => expected,
        };
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_divisors_of_the_rotary_frequencies_come_from_their_tensor()
    {
        using var file = new GgufFile(Path("llama-rope-llama3-F32"));
        var scaling = Assert.IsType<RopeScaling.PerFrequency>(((LlamaConfiguration)GgufConfiguration.Read(file)).RopeScaling);
        Assert.Equal(((LlamaConfiguration)GgufConfiguration.Read(file)).HeadSize / 2, scaling.Divisors.Count);
        Assert.Equal(1, scaling.Divisors[0]);
        Assert.Equal(8, scaling.Divisors[^1]);
    }

    [Fact]
    public void The_real_model_gives_the_log_probabilities_of_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var before = Environment.CpuUsage.TotalTime;
        using var model = CheckpointLoader.LoadModel(SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf"), torch.ScalarType.Float32, torch.CPU);
        Log?.WriteLine($"loaded with {(Environment.CpuUsage.TotalTime - before).TotalSeconds:F2} s of processor time");
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "smollm2", "logprobs.json")));
        var rows = document.RootElement.GetProperty("rows");
        using var logits = new SafetensorsFile(SharedFolder.PathOf("fixtures", "smollm2", "logits.safetensors"));
        foreach (var index in new[] { 0, 12 })
        {
            var ids = rows[index].GetProperty("ids").EnumerateArray().Select(id => id.GetInt64()).ToArray();
            var all = ReferenceLogits.OfCausal(model, torch.tensor(ids).unsqueeze(0))[0];
            var places = torch.tensor(new long[] { 0, ids.Length / 2, ids.Length - 1 });
            TensorAssert.Close(logits.Read($"logits.{index}"), all.index_select(0, places), Tolerance, $"logits.{index}");
            var expected = rows[index].GetProperty("next_token_logprobs").EnumerateArray().Select(value => value.GetDouble()).ToArray();
            var actual = all[..^1].log_softmax(-1).gather(1, torch.tensor(ids[1..]).unsqueeze(1)).view(-1);
            TensorAssert.Close(torch.tensor(expected), actual, Tolerance, $"logprobs of row {index}");
        }
    }

    private static string Path(string name) => SharedFolder.PathOf("fixtures", "gguf", "models", $"{name}.gguf");

    private static JsonDocument Describe(string name) => JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "gguf", "models", $"{name}.json")));

    private static string? Variant(JsonDocument description) => description.RootElement.GetProperty("variant").GetString();
}

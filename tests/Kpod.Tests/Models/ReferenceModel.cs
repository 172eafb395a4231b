using System.Text.Json;
using Kpod.Checkpoints;
using Kpod.Models;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.Tests.Models;

/// <summary>A model of <c>fixtures/models</c> with its reference numbers.</summary>
internal sealed class ReferenceModel : IDisposable
{
    private readonly SafetensorsFile _numbers;

    public ReferenceModel(string variant, torch.ScalarType type = torch.ScalarType.Float32, string configuration = "config.json")
    {
        Folder = SharedFolder.PathOf("fixtures", "models", variant);
        using var weights = CheckpointWeights.OpenSafetensors(Folder, type, TestDevice.Current);
        var file = Path.Combine(Folder, configuration);
        Model = ModelConfiguration.Parse(File.ReadAllText(file), file).Build(weights);
        _numbers = new SafetensorsFile(Path.Combine(Folder, "reference.safetensors"));
    }

    public string Folder { get; }

    public ILanguageModel Model { get; }

    public LlamaModel Llama => (LlamaModel)Model;

    public T5Model T5 => (T5Model)Model;

    public torch.Tensor this[string name] => _numbers.Read(name).to(TestDevice.Current);

    public SafetensorsFile Open(string subfolder) => new(Path.Combine(Folder, subfolder, "reference.safetensors"));

    /// <summary>Puts the adapter of a subfolder on the model's linear maps; gradients are recorded for it.</summary>
    public Dictionary<string, torch.Tensor> AttachAdapter(string subfolder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, subfolder, "adapter_config.json")));
        var (rank, alpha) = (document.RootElement.GetProperty("r").GetInt32(), document.RootElement.GetProperty("lora_alpha").GetDouble());
        var scaling = document.RootElement.GetProperty("use_rslora").GetBoolean() ? alpha / Math.Sqrt(rank) : alpha / rank;
        using var file = new SafetensorsFile(Path.Combine(Folder, subfolder, "adapter_model.safetensors"));
        var parameters = new Dictionary<string, torch.Tensor>();
        foreach (var linear in Model.Linears)
        {
            var name = $"base_model.model.{linear.Name}";
            if (!file.Tensors.ContainsKey($"{name}.lora_A.weight"))
            {
                continue;
            }

            linear.Lora?.Dispose();
            var (a, b) = (Factor(file, $"{name}.lora_A.weight"), Factor(file, $"{name}.lora_B.weight"));
            linear.Lora = new LoraPair(a.requires_grad_(true), b.requires_grad_(true), scaling);
            parameters[$"{name}.lora_A.weight"] = a;
            parameters[$"{name}.lora_B.weight"] = b;
        }

        Assert.Equal(file.Tensors.Count, parameters.Count);
        return parameters;
    }

    /// <summary>Logits of the reference file's batch; 0 at padding.</summary>
    public torch.Tensor Logits()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var (ids, mask) = (this["input_ids"], this["attention_mask"].to(torch.ScalarType.Bool));
        var states = Model switch
        {
            LlamaModel llama => llama.Forward(llama.Embed(ids), torch.arange(ids.shape[1], device: ids.device).unsqueeze(0)),
            T5Model t5 => t5.Decode(this["decoder_input_ids"], t5.Encode(t5.Embed(ids), mask), mask),
            _ => throw new InvalidOperationException(),
        };
        var logits = Model.Logits(states.view(-1, Model.HiddenSize)).view(states.shape[0], states.shape[1], -1);
        return logits.mul((Model.IsCausal ? mask : this["labels"].ge(0)).unsqueeze(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>The batch of a reference file in the form that the library trains on.</summary>
    public (TeacherForcedBatch Batch, float[] Weights) Batch(Func<string, torch.Tensor> read)
    {
        var labels = Rows(read("labels"));
        var tokenWeights = read("token_weights").cpu();
        var weights = new List<float>();
        var (prompts, responses, supervised) = (new List<int[]>(), new List<int[]>(), new List<bool[]>());
        var inputs = Rows(read("input_ids"), read("attention_mask"));
        for (var row = 0; row < labels.Length; row++)
        {
            var isLabel = Array.ConvertAll(labels[row], label => label >= 0);
            var first = Array.IndexOf(isLabel, true);
            var count = isLabel.Count(label => label);
            prompts.Add(Model.IsCausal ? inputs[row][..first] : inputs[row]);
            responses.Add(labels[row][first..(first + count)]);
            supervised.Add([.. Enumerable.Repeat(true, count)]);
            Assert.Equal(!Model.IsCausal, first == 0);
            weights.AddRange(Enumerable.Range(first, count).Select(column => tokenWeights[row, column].item<float>()));
        }

        return (new TeacherForcedBatch(prompts, responses, supervised), [.. weights]);
    }

    public static int[][] Rows(torch.Tensor ids, torch.Tensor? mask = null) => RowsHere(ids.cpu(), mask?.cpu());

    private static int[][] RowsHere(torch.Tensor ids, torch.Tensor? mask) =>
        [.. Enumerable.Range(0, (int)ids.shape[0]).Select(row => Enumerable.Range(0, (int)ids.shape[1])
            .Where(column => mask is null || mask[row, column].item<long>() != 0)
            .Select(column => (int)ids[row, column].item<long>()).ToArray())];

    // Copied, so that the factor is a leaf on either device.
    private static torch.Tensor Factor(SafetensorsFile file, string name)
    {
        using var stored = file.Read(name);
        return stored.to(stored.dtype, TestDevice.Current, copy: true).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        Model.Dispose();
        _numbers.Dispose();
    }
}

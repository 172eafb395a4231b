using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Testing;

/// <summary>A model of <c>fixtures/models</c> with its reference numbers.</summary>
public sealed class ReferenceModel : IDisposable
{
    private readonly SafetensorsFile _numbers;

    public ReferenceModel(string variant, torch.ScalarType type = torch.ScalarType.Float32, string configuration = "config.json")
    {
        Folder = SharedFolder.PathOf("fixtures", "models", variant);
        using var weights = CheckpointWeights.OpenSafetensors(Folder, type, TestDevice.Current);
        var file = Path.Combine(Folder, configuration);
        Model = ModelArchitectures.Parse(File.ReadAllText(file), file).Build(weights);
        _numbers = new SafetensorsFile(Path.Combine(Folder, "reference.safetensors"));
    }

    public string Folder { get; }

    public ILanguageModel Model { get; }

    public LlamaModel Llama => (LlamaModel)Model;

    public T5Model T5 => (T5Model)Model;

    public torch.Tensor this[string name] => _numbers.Read(name).to(TestDevice.Current);

    public static int[][] Rows(torch.Tensor ids, torch.Tensor? mask = null) => RowsHere(ids.cpu(), mask?.cpu());

    private static int[][] RowsHere(torch.Tensor ids, torch.Tensor? mask) =>
        [.. Enumerable.Range(0, (int)ids.shape[0]).Select(row => Enumerable.Range(0, (int)ids.shape[1])
            .Where(column => mask is null || mask[row, column].item<long>() != 0)
            .Select(column => (int)ids[row, column].item<long>()).ToArray())];

    public void Dispose()
    {
        Model.Dispose();
        _numbers.Dispose();
    }
}

using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.Quantisation;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>Writes a model as the GGUF file that llama.cpp loads: the mirror of <see cref="GgufConfiguration"/> and <see cref="GgufWeights"/>.</summary>
internal static class GgufModelFile
{
    /// <summary>The types that are written, each with its number as a file's main type (<c>general.file_type</c>).</summary>
    private static readonly Dictionary<string, uint> FileTypes = new(StringComparer.Ordinal) { ["F32"] = 0, ["F16"] = 1, ["Q8_0"] = 7, ["BF16"] = 32 };

    // Keys that say how this one file is stored, not what is in it.
    private static readonly string[] Own = ["general.architecture", "general.type", "general.name", "general.size_label", "general.file_type", "general.quantization_version", "general.alignment"];

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configuration">The model's shape.</param>
    /// <param name="weights">Its weights under their published names.</param>
    /// <param name="type">F32, F16, BF16 or Q8_0: the type of the matrices. Norms and biases are F32; a matrix whose rows are no whole blocks is F16.</param>
    /// <param name="name">What the file calls the model.</param>
    /// <param name="described">Key-values of the file that the model came from; its general ones (licence, languages, author) are taken over.</param>
    /// <param name="tokenizer">The keys of the tokenizer, with a token for each row of the embedding.</param>
    /// <exception cref="KpodException">GGUF cannot say what the configuration says, a weight does not fit the type, or the disk refuses.</exception>
    public static void Write(
        string path, ModelConfiguration configuration, IReadOnlyList<TensorSource> weights, GgufType type, string name,
        IReadOnlyDictionary<string, object> described, IEnumerable<KeyValuePair<string, object>> tokenizer)
    {
        var shape = configuration is T5Configuration t5 ? GgufShapeKeys.Of(t5, weights) : GgufShapeKeys.Of((LlamaConfiguration)configuration);
        var architecture = shape.Architecture;
        List<KeyValuePair<string, object>> values =
        [
            new("general.architecture", architecture),
            new("general.type", "model"),
            new("general.name", name),
            new("general.size_label", SizeLabel(weights.Sum(weight => weight.Elements))),
            .. described.Where(pair => pair.Key.StartsWith("general.", StringComparison.Ordinal) && !Own.Contains(pair.Key)),
            .. shape.Keys.Select(pair => KeyValuePair.Create($"{architecture}.{pair.Key}", pair.Value)),
            new("general.file_type", FileTypes[type.Name]),
            new("general.quantization_version", 2u),
            .. tokenizer,
        ];
        GgufWriter.Write(path, values, [.. Tensors(configuration, weights, path).Select(tensor => (tensor, TypeOf(tensor, type)))]);
    }

    private static IEnumerable<TensorSource> Tensors(ModelConfiguration configuration, IReadOnlyList<TensorSource> weights, string path)
    {
        var names = configuration is T5Configuration gated ? GgufNames.T5(gated.GatedGelu) : GgufNames.Llama;
        if (configuration is LlamaConfiguration { RopeScaling: { } scaling } scaled)
        {
            yield return TensorSource.Of(GgufConfiguration.RopeFactors, torch.tensor(GgufShapeKeys.Divisors(scaled, scaling)));
        }

        foreach (var weight in weights)
        {
            var name = names.Gguf(weight.Name) ?? throw new KpodException($"{path}: GGUF has no name for the weight '{weight.Name}', so this model cannot be written as one.");
            var heads = configuration is LlamaConfiguration llama && GgufShapeKeys.ArchitectureOf(llama) == "llama" ? GgufWeights.PermutedHeads(weight.Name, llama) : 0;
            yield return weight with { Name = name, Read = heads == 0 ? weight.Read : () => Permute(weight.Read(), heads) };
        }

        if (configuration is T5Configuration { ScaledOutput: true } t5)
        {
            yield return ScaledOutput(t5, weights);
        }
    }

    // GGUF cannot say that the logits of a tied T5 are scaled, and llama.cpp does not scale them; an output layer of its own that holds the factor says the same.
    private static TensorSource ScaledOutput(T5Configuration configuration, IReadOnlyList<TensorSource> weights)
    {
        var shared = weights.First(weight => weight.Name == "shared.weight");
        return new TensorSource("output.weight", shared.Shape, () => shared.Read().to(torch.ScalarType.Float32) * Math.Pow(configuration.HiddenSize, -0.5));
    }

    private static GgufType TypeOf(TensorSource tensor, GgufType wanted) =>
        tensor.Shape.Count < 2 || tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal) ? GgufType.Named("F32")
        : tensor.Shape[^1] % wanted.BlockElements == 0 && !(wanted.Encode is not null && tensor.Name.EndsWith(".attn_rel_b.weight", StringComparison.Ordinal)) ? wanted
        : GgufType.Named("F16");

    // The mirror of GgufWeights: row j · (head size / 2) + i of a head of the checkpoint becomes row 2i + j of the file.
    private static torch.Tensor Permute(torch.Tensor tensor, int heads)
    {
        var shape = tensor.shape;
        return tensor.view(heads, 2, shape[0] / heads / 2, -1).transpose(1, 2).reshape(shape);
    }

    private static string SizeLabel(long elements) => elements switch
    {
        >= 1_000_000_000 => FormattableString.Invariant($"{elements / 1e9:0.#}B"),
        >= 1_000_000 => FormattableString.Invariant($"{elements / 1e6:0}M"),
        _ => FormattableString.Invariant($"{elements / 1e3:0}K"),
    };
}

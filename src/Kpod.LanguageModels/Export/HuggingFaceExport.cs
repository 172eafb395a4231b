using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kpod.Files;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using Kpod.Tokenizers.Conversion;
using TorchSharp;

namespace Kpod.LanguageModels.Export;

/// <summary>Writes a merged model as a Hugging Face folder.</summary>
internal static class HuggingFaceExport
{
    // Both spellings of the key: transformers 4 and 5.
    private static readonly string[] TypeKeys = ["torch_dtype", "dtype"];

    // Divisors are computed in single precision, in an order that differs between programs.
    private const double DivisorRounding = 1e-5;

    private static readonly RopeScaling.Llama3[] PublishedScalings = [new(8, 1, 4, 8192), new(32, 1, 4, 8192)];

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the folder: the base folder's own files where it is one, else files made of the GGUF file's keys.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="checkpoint">The base model.</param>
    /// <param name="weights">The merged weights.</param>
    /// <param name="type">Type of the stored weights.</param>
    /// <param name="shardBytes">The most bytes of weights in one file.</param>
    /// <exception cref="KpodException">The folder's files cannot say what the GGUF file says, or the disk refuses.</exception>
    public static void Write(string folder, Checkpoint checkpoint, IReadOnlyList<TensorSource> weights, torch.ScalarType type, long shardBytes)
    {
        var (configuration, others) = Directory.Exists(checkpoint.Path) ? (OfFolder(checkpoint.Path, type), null) : OfGguf(checkpoint, type);
        if (others is null)
        {
            ModelFiles.Copy(checkpoint.Path, folder);
            CopyGenerationConfiguration(checkpoint.Path, folder);
        }
        else
        {
            foreach (var (name, content) in others)
            {
                AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(content));
            }

            HuggingFaceFolder.WriteGenerationConfiguration(
                Path.Combine(folder, HuggingFaceFolder.GenerationConfigurationFile), Special(checkpoint), (ConfigurationOf(checkpoint.Model) as T5Configuration)?.DecoderStartId);
        }

        HuggingFaceFolder.WriteWeights(folder, weights, type, shardBytes);
        AtomicFile.WriteText(Path.Combine(folder, HuggingFaceFolder.ConfigurationFile), configuration);
    }

    /// <summary>The shape of a model.</summary>
    /// <param name="model">The model.</param>
    /// <returns>The shape.</returns>
    public static ModelConfiguration ConfigurationOf(ILanguageModel model) => model switch
    {
        LlamaModel llama => llama.Configuration,
        T5Model t5 => t5.Configuration,
        _ => throw new ArgumentException($"{model.GetType().Name} has no configuration that can be written.", nameof(model)),
    };

    // Everything that the file says stays; only the type of the weights may have changed.
    private static string OfFolder(string folder, torch.ScalarType type)
    {
        var root = JsonNode.Parse(JsonFile.ReadText(Path.Combine(folder, HuggingFaceFolder.ConfigurationFile)))!.AsObject();
        var stated = TypeKeys.Where(root.ContainsKey).ToArray();
        foreach (var key in stated.Length > 0 ? stated : TypeKeys[..1])
        {
            root[key] = ModelConfiguration.TypeName(type);
        }

        return root.ToJsonString(Layout) + "\n";
    }

    private static (string Configuration, IReadOnlyDictionary<string, byte[]>? Files) OfGguf(Checkpoint checkpoint, torch.ScalarType type)
    {
        using var file = new GgufFile(checkpoint.Path);
        var configuration = WithNamedScaling(ConfigurationOf(checkpoint.Model));
        int? maximumLength = checkpoint.Model.MaximumLength == int.MaxValue ? null : checkpoint.Model.MaximumLength;
        return (configuration.ToJson(Special(checkpoint), type), TokenizerFromGguf.Convert(file.Metadata.Values, checkpoint.Path, maximumLength));
    }

    // A GGUF file holds the divisors alone; the rule behind them is known where they are those of the published LLaMA 3.1 to 3.3.
    private static ModelConfiguration WithNamedScaling(ModelConfiguration configuration)
    {
        if (configuration is not LlamaConfiguration { RopeScaling: RopeScaling.PerFrequency stored } llama)
        {
            return configuration;
        }

        var rule = PublishedScalings.FirstOrDefault(rule => GgufShapeKeys.Divisors(llama, rule).Zip(stored.Divisors).All(pair => Math.Abs(pair.First - pair.Second) <= DivisorRounding * pair.Second));
        return rule is null ? configuration : llama with { RopeScaling = rule };
    }

    private static SpecialTokenIds Special(Checkpoint checkpoint) => new(checkpoint.Tokenizer.BeginId, checkpoint.EndIds, checkpoint.Tokenizer.PadId);

    private static void CopyGenerationConfiguration(string from, string to)
    {
        var path = Path.Combine(from, HuggingFaceFolder.GenerationConfigurationFile);
        if (File.Exists(path))
        {
            AtomicFile.WriteText(Path.Combine(to, HuggingFaceFolder.GenerationConfigurationFile), JsonFile.ReadText(path));
        }
    }
}

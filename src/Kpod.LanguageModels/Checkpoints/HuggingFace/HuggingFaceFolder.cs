using System.Text.Json;
using Kpod.Files;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.HuggingFace;

/// <summary>Writes a model as the folder that transformers and others load: configuration and weights. The tokenizer's files are the tokenizer's to write.</summary>
public static class HuggingFaceFolder
{
    /// <summary>The file with the model's shape.</summary>
    internal const string ConfigurationFile = "config.json";

    /// <summary>The file with what concerns generation.</summary>
    internal const string GenerationConfigurationFile = "generation_config.json";

    // The size at which transformers cuts checkpoints up.
    internal const long DefaultShardBytes = 5_000_000_000;

    /// <summary>Writes a model's base weights and configuration; each file is replaced as a whole, the configuration last.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="model">The model; without an adapter, which this would drop.</param>
    /// <param name="tokens">The special tokens that the configuration names.</param>
    /// <param name="weightType">Type of the stored weights; null for the model's own.</param>
    /// <param name="shardBytes">The most bytes of weights in one file, where there are more than one.</param>
    /// <exception cref="KpodException">The disk refuses, or the shape has no spelling in <c>config.json</c>.</exception>
    public static void Save(string folder, ILanguageModel model, SpecialTokenIds tokens, torch.ScalarType? weightType = null, long shardBytes = DefaultShardBytes)
    {
        if (model.Linears.Any(linear => linear.Lora is not null))
        {
            throw new ArgumentException("The model carries an adapter, which its base weights do not contain; detach or merge it first.", nameof(model));
        }

        if (model.Linears.Any(linear => linear.IsQuantised))
        {
            throw new ArgumentException("The model's linear maps stay quantised, so their weights are not among those to be written; load it without keeping them so.", nameof(model));
        }

        var configuration = model switch
        {
            LlamaModel llama => (ModelConfiguration)llama.Configuration,
            T5Model t5 => t5.Configuration,
            _ => throw new ArgumentException($"{model.GetType().Name} has no {ConfigurationFile}.", nameof(model)),
        };
        var type = weightType ?? model.WeightType;
        var json = configuration.ToJson(tokens, type);
        WriteWeights(folder, [.. model.Weights.Select(weight => TensorSource.Of(weight.Key, weight.Value))], type, shardBytes);
        WriteGenerationConfiguration(Path.Combine(folder, GenerationConfigurationFile), tokens, (configuration as T5Configuration)?.DecoderStartId);
        AtomicFile.WriteText(Path.Combine(folder, ConfigurationFile), json);
    }

    /// <summary>Writes weights into one file, or into shards with their index; a file of the other kind that stood there is deleted.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="weights">The weights under their published names.</param>
    /// <param name="type">Type of the stored weights.</param>
    /// <param name="shardBytes">The most bytes of weights in one file, where there are more than one.</param>
    internal static void WriteWeights(string folder, IReadOnlyList<TensorSource> weights, torch.ScalarType type, long shardBytes)
    {
        var shards = Divide(weights, type, shardBytes);
        var (single, index) = (Path.Combine(folder, SafetensorsSet.SingleFile), Path.Combine(folder, ShardIndex.FileName));
        if (shards.Count == 1)
        {
            WriteShard(single, shards[0], type);
            File.Delete(index);
            return;
        }

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var shard = 0; shard < shards.Count; shard++)
        {
            var name = $"model-{shard + 1:D5}-of-{shards.Count:D5}.safetensors";
            WriteShard(Path.Combine(folder, name), shards[shard], type);
            foreach (var weight in shards[shard])
            {
                files.Add(weight.Name, name);
            }
        }

        ShardIndex.Write(index, weights.Sum(weight => Bytes(weight, type)), files);

        // It would go before the index.
        File.Delete(single);
    }

    private static List<List<TensorSource>> Divide(IReadOnlyList<TensorSource> weights, torch.ScalarType type, long shardBytes)
    {
        var shards = new List<List<TensorSource>> { new() };
        long bytes = 0;
        foreach (var weight in weights)
        {
            var size = Bytes(weight, type);
            if (bytes + size > shardBytes && shards[^1].Count > 0)
            {
                shards.Add([]);
                bytes = 0;
            }

            shards[^1].Add(weight);
            bytes += size;
        }

        return shards;
    }

    private static void WriteShard(string path, List<TensorSource> weights, torch.ScalarType type) => SafetensorsWriter.Write(path, weights.Select(weight => (weight, type)));

    private static long Bytes(TensorSource weight, torch.ScalarType type) => weight.Elements * SafetensorsType.Of(type).Bits / 8;

    internal static void WriteGenerationConfiguration(string path, SpecialTokenIds tokens, int? decoderStartId) => AtomicFile.Write(path, stream =>
    {
        using (var json = new Utf8JsonWriter(stream, JsonFile.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteBoolean("_from_model_config", true);
            if (decoderStartId is { } id)
            {
                json.WriteNumber("decoder_start_token_id", id);
            }

            tokens.Write(json);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    });
}

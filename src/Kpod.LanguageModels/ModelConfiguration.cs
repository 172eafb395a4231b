using System.Text.Json;
using Kpod.LanguageModels.Layers;
using TorchSharp;

namespace Kpod.LanguageModels;

/// <summary>The shape of a language model, as its <c>config.json</c> gives it.</summary>
public abstract record ModelConfiguration
{
    /// <summary>The published name of the architecture, the file's <c>model_type</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Rows of the input embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the hidden states.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Builds the model.</summary>
    /// <param name="weights">Where its weights come from.</param>
    /// <returns>The model; the caller disposes of it.</returns>
    /// <exception cref="KpodException">A weight is missing or has another shape.</exception>
    public abstract ILanguageModel Build(IWeightSource weights);

    /// <summary>Writes the configuration as a <c>config.json</c> that transformers 4 and 5 read alike.</summary>
    /// <param name="tokens">The special tokens that the file names.</param>
    /// <param name="weightType">The type of the stored weights.</param>
    /// <returns>The file's text, which <c>ModelArchitectures.Parse</c> reads back to an equal record.</returns>
    public string ToJson(SpecialTokenIds tokens, torch.ScalarType weightType)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            Write(writer);
            tokens.Write(writer);
            writer.WriteString("torch_dtype", TypeName(weightType));
            writer.WriteBoolean("use_cache", true);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private protected abstract void Write(Utf8JsonWriter writer);

    internal static string TypeName(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Float32 => "float32",
        torch.ScalarType.BFloat16 => "bfloat16",
        torch.ScalarType.Float16 => "float16",
        _ => throw new ArgumentException($"{type} is no type of stored weights."),
    };
}

using System.Text.Json;
using TorchSharp;

namespace Kpod.Models;

/// <summary>The shape of a language model, as its <c>config.json</c> gives it.</summary>
public abstract record ModelConfiguration
{
    /// <summary>The published name of the architecture, the file's <c>model_type</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Rows of the input embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the hidden states.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Every <c>model_type</c> that <see cref="Parse"/> accepts.</summary>
    public static IReadOnlyList<string> Families { get; } = [.. LlamaConfiguration.Families, .. T5Configuration.Families];

    /// <summary>Reads the text of a <c>config.json</c> in the spelling of transformers 4 or 5.</summary>
    /// <param name="json">The file's text.</param>
    /// <param name="file">The file's name for messages.</param>
    /// <returns>A <see cref="LlamaConfiguration"/> or a <see cref="T5Configuration"/>.</returns>
    /// <exception cref="KpodException">It is no JSON object, names an architecture that is not implemented, or a key has a value that is missing, out of range or not implemented; all faults of a file are reported at once.</exception>
    public static ModelConfiguration Parse(string json, string file)
    {
        using var document = ConfigurationReader.Open(json, file);
        var reader = new ConfigurationReader(document.RootElement, file);
        var family = reader.Text("model_type", null);
        ModelConfiguration? configuration = family switch
        {
            null => null,
            _ when LlamaConfiguration.Families.Contains(family) => LlamaConfiguration.Read(reader, family),
            _ when T5Configuration.Families.Contains(family) => T5Configuration.Read(reader, family),
            _ => null,
        };
        if (configuration is null)
        {
            var value = family is null ? "is missing" : $"is \"{family}\"";
            reader.Fault($"model_type {value}; implemented are {string.Join(", ", Families)}");
        }

        reader.ThrowIfFaulty();
        return configuration!;
    }

    /// <summary>Builds the model.</summary>
    /// <param name="weights">Where its weights come from.</param>
    /// <returns>The model; the caller disposes of it.</returns>
    /// <exception cref="KpodException">A weight is missing or has another shape.</exception>
    public abstract ILanguageModel Build(IWeightSource weights);

    /// <summary>Writes the configuration as a <c>config.json</c> that transformers 4 and 5 read alike.</summary>
    /// <param name="tokens">The special tokens that the file names.</param>
    /// <param name="weightType">The type of the stored weights.</param>
    /// <returns>The file's text, which <see cref="Parse"/> reads back to an equal record.</returns>
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

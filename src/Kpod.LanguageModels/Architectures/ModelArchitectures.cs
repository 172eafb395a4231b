using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;

namespace Kpod.LanguageModels.Architectures;

/// <summary>The one list of the architectures that are implemented, by the <c>model_type</c> of their <c>config.json</c>.</summary>
internal static class ModelArchitectures
{
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
}

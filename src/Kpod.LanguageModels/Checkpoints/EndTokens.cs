using System.Text.Json;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Storage;

namespace Kpod.LanguageModels.Checkpoints;

/// <summary>The tokens that end a generation, as a Hugging Face folder names them.</summary>
internal static class EndTokens
{
    private const string Key = "eos_token_id";

    /// <summary>Reads them; the generation's own configuration goes before the model's.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="vocabularySize">Every id must be below it.</param>
    /// <returns>The ids; empty where neither file names any.</returns>
    /// <exception cref="KpodException">A file is unsound, or an id is none.</exception>
    public static IReadOnlyList<int> Read(string folder, int vocabularySize)
    {
        foreach (var path in new[] { Path.Combine(folder, HuggingFaceFolder.GenerationConfigurationFile), Path.Combine(folder, HuggingFaceFolder.ConfigurationFile) })
        {
            if (File.Exists(path) && ReadFile(path, vocabularySize) is { Count: > 0 } ids)
            {
                return ids;
            }
        }

        return [];
    }

    private static IReadOnlyList<int> ReadFile(string path, int vocabularySize)
    {
        using var document = JsonFile.ReadObject(path);
        if (!document.RootElement.TryGetProperty(Key, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        IEnumerable<JsonElement> elements = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
        return
        [
            .. elements.Select(element => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var id) && id >= 0 && id < vocabularySize
                ? id
                : throw new KpodException($"{path}: {Key} is {element.GetRawText()}; it must be a token id from 0 to {vocabularySize - 1}, or a list of them.")).Distinct(),
        ];
    }
}

using Kpod.Files;
using Kpod.Tokenizers.Json;

namespace Kpod.Tokenizers.Conversion;

/// <summary>Finds the chat template of a Hugging Face folder.</summary>
internal static class ChatTemplateFile
{
    private const string OwnFile = "chat_template.jinja";

    /// <summary>Reads it: a file of its own goes before the key in <c>tokenizer_config.json</c>, where several are named the one called default is taken.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The template, or null.</returns>
    public static string? Read(string folder)
    {
        var own = Path.Combine(folder, OwnFile);
        if (File.Exists(own))
        {
            return JsonArtefact.ReadText(own);
        }

        var settings = Path.Combine(folder, SpecialTokenNames.ConfigName);
        if (!File.Exists(settings))
        {
            return null;
        }

        var template = LocatedJson.ReadFile(settings)["chat_template"];
        if (template.IsNull)
        {
            return null;
        }

        return template.Element.ValueKind == System.Text.Json.JsonValueKind.Array
            ? template.Items().Where(item => item["name"].AsString() == "default").Select(item => item["template"].AsString()).FirstOrDefault()
            : template.AsString();
    }
}

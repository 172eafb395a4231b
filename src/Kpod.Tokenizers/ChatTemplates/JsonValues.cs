using System.Globalization;
using System.Text.Json;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates;

/// <summary>Turns JSON into values for templates; every string of it is foreign, since it comes from outside the model's files.</summary>
internal static class JsonValues
{
    /// <summary>Turns any value.</summary>
    /// <param name="json">The value.</param>
    /// <returns>The template's value.</returns>
    public static object? Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => ReadObject(json, keepsNull: true),
        JsonValueKind.Array => new PythonList([.. json.EnumerateArray().Select(Read)]),
        JsonValueKind.String => TemplateText.Of(json.GetString()!, isForeign: true),
        JsonValueKind.Number => ReadNumber(json.GetRawText()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>Turns a message: keys whose value is null are left out, as transformers does before it renders.</summary>
    /// <param name="json">The message, an object.</param>
    /// <returns>The template's value.</returns>
    public static object? ReadMessage(JsonElement json) => json.ValueKind == JsonValueKind.Object ? ReadObject(json, keepsNull: false) : Read(json);

    private static PythonDictionary ReadObject(JsonElement json, bool keepsNull)
    {
        var dictionary = new PythonDictionary();
        foreach (var member in json.EnumerateObject().Where(member => keepsNull || member.Value.ValueKind != JsonValueKind.Null))
        {
            dictionary.Set(TemplateText.Of(member.Name, isForeign: true), Read(member.Value));
        }

        return dictionary;
    }

    private static object ReadNumber(string digits) => digits.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
        ? double.Parse(digits, CultureInfo.InvariantCulture)
        : PythonNumbers.ParseInteger(digits) ?? throw TemplateFault.Value($"a number of {digits.Length} digits");
}

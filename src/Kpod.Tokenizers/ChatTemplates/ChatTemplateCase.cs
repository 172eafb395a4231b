using Kpod.Files;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.Json;

namespace Kpod.Tokenizers.ChatTemplates;

/// <summary>A recorded rendering beside our own.</summary>
/// <param name="Name">The case.</param>
/// <param name="Place">File and line.</param>
/// <param name="Recorded">What the reference rendered; where it failed, <c>fails</c> with the template's own message, if it raised one.</param>
/// <param name="Rendered">The same of ours.</param>
/// <param name="RecordedKind">The class of the reference's error; null where it rendered.</param>
/// <param name="RenderedKind">The same of ours.</param>
internal sealed record ChatTemplateCase(string Name, string Place, string Recorded, string Rendered, string? RecordedKind, string? RenderedKind)
{
    private const string Failed = "fails";

    /// <summary>Renders every case of a file.</summary>
    /// <param name="path">
    /// JSON Lines: <c>name</c>, <c>template</c>, <c>bos_token</c>, <c>eos_token</c>, <c>messages</c>, <c>add_generation_prompt</c>, <c>variables</c>, and
    /// <c>expected</c>, or <c>error</c> with <c>kind</c> and <c>message</c>.
    /// </param>
    /// <param name="now">The time that templates see.</param>
    /// <returns>The cases in order.</returns>
    /// <exception cref="KpodException">The file cannot be read, or a line is no such case.</exception>
    public static IReadOnlyList<ChatTemplateCase> RunFile(string path, DateTimeOffset now)
    {
        var cases = new List<ChatTemplateCase>();
        var number = 0;
        foreach (var line in System.Text.Encoding.UTF8.GetString(UserFile.ReadAllBytes(path, 256L << 20)).Split('\n'))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                cases.Add(Run(LocatedJson.Parse(System.Text.Encoding.UTF8.GetBytes(line), $"{path}, line {number}"), $"{path}, line {number}", now));
            }
        }

        return cases;
    }

    private static ChatTemplateCase Run(LocatedJson json, string place, DateTimeOffset now)
    {
        var name = json["name"].AsString();
        var (recorded, recordedKind) = Recording(json);
        var messages = json["messages"].Items().Select(message => message.Element).ToArray();
        var variables = json["variables"].IsNull ? [] : json["variables"].Element.EnumerateObject().ToArray();
        try
        {
            var template = new ChatTemplate(json["template"].AsString(), place, Optional(json["bos_token"]), Optional(json["eos_token"]));
            var text = template.Render(messages, json["add_generation_prompt"].AsBoolean(absent: false), now, variables).Text;
            return new ChatTemplateCase(name, place, recorded, text, recordedKind, null);
        }
        catch (ChatTemplateException exception)
        {
            return new ChatTemplateCase(name, place, recorded, Failure(exception.TemplateMessage), recordedKind, exception.Kind);
        }
    }

    private static (string Recorded, string? Kind) Recording(LocatedJson json)
    {
        if (!json["expected"].IsNull)
        {
            return (json["expected"].AsString(), null);
        }

        var kind = json["error"]["kind"].AsString();
        return (Failure(kind == TemplateFault.Raised ? json["error"]["message"].AsString() : null), kind);
    }

    private static string Failure(string? message) => message is null ? Failed : $"{Failed}: {message}";

    private static string? Optional(LocatedJson value) => value.IsNull ? null : value.AsString();
}

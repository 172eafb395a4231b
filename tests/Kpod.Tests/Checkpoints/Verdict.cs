using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kpod.Tests.Checkpoints;

/// <summary>What an <c>expected.json</c> of the broken files asks for.</summary>
internal sealed record Verdict
{
    [JsonPropertyName("file")]
    public string? File { get; init; }

    [JsonPropertyName("folder")]
    public string? Folder { get; init; }

    [JsonPropertyName("expect")]
    public required string Expect { get; init; }

    [JsonPropertyName("level")]
    public string? Level { get; init; }

    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    [JsonPropertyName("message_should_mention")]
    public required string[] MessageShouldMention { get; init; }

    public string Name => File ?? Folder!;

    public static Verdict[] ReadAll(string path) => JsonSerializer.Deserialize<Verdict[]>(System.IO.File.ReadAllText(path))!;

    /// <summary>Holds what a reader did against the verdict; says what is wrong, or nothing.</summary>
    public string? Judge(Action read, ITestOutputHelper? log)
    {
        try
        {
            read();
            log?.WriteLine($"{Name}: accepted");
            return Expect == "reject" ? $"{Name}: accepted, though {Reason}" : null;
        }
        catch (KpodException exception)
        {
            log?.WriteLine($"{Name}: {exception.Message}");
            if (Expect == "accept")
            {
                return $"{Name}: refused ({exception.Message}), though {Reason}";
            }

            // The file's own name must not count as a mention: path_absolute.safetensors says "a" too.
            var message = exception.Message.Replace(Name, string.Empty, StringComparison.Ordinal);
            return MessageShouldMention.FirstOrDefault(word => !Mentions(message, word)) is { } missing
                ? $"{Name}: the message does not mention {missing}: {exception.Message}"
                : !exception.Message.Contains(Name, StringComparison.Ordinal) ? $"{Name}: the message does not name the file: {exception.Message}" : null;
        }
    }

    // A single letter or digit is meant as a name or number of its own.
    private static bool Mentions(string message, string word) =>
        System.Text.RegularExpressions.Regex.IsMatch(message, char.IsLetterOrDigit(word[0]) ? $@"(?<!\w){System.Text.RegularExpressions.Regex.Escape(word)}" : System.Text.RegularExpressions.Regex.Escape(word));
}

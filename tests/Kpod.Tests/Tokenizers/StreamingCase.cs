using System.Text.Json;
using Kpod.Testing;

namespace Kpod.Tests.Tokenizers;

/// <summary>One line of a <c>streaming.jsonl</c>.</summary>
internal sealed record StreamingCase(int[] Ids, string?[] Chunks, string Shown, string Decoded)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static List<StreamingCase> ReadAll(params string[] parts) =>
        [.. File.ReadAllText(SharedFolder.PathOf(["fixtures", "tokenizers", .. parts])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<StreamingCase>(line, Options)!)];
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Kpod.Testing;

namespace Kpod.Tokenizers.Tests;

/// <summary>One line of a <c>cases.jsonl</c> or <c>sentencepiece.jsonl</c>.</summary>
internal sealed record TokenizerCase(string Text)
{
    public int[]? Ids { get; init; }

    [JsonPropertyName("offsets_utf16")]
    public int[][] OffsetsUtf16 { get; init; } = [];

    public int[]? IdsSpecial { get; init; }

    public int[]? IdsSpecialsAsText { get; init; }

    public string? Decoded { get; init; }

    public string? DecodedKeepSpecial { get; init; }

    public bool Same { get; init; }

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads a fixture; lines end at \n only.</summary>
    public static List<TokenizerCase> ReadAll(params string[] parts) =>
        [.. File.ReadAllText(SharedFolder.PathOf(["fixtures", "tokenizers", .. parts])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<TokenizerCase>(line, Options)!)];
}

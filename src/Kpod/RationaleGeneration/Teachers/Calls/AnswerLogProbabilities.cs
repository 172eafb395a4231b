using System.Text;
using System.Text.Json;
using Kpod.Files;

namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>
/// Reads the log-probabilities of an answer out of its raw response (<c>choices[0].logprobs.content</c> of OpenAI's chat completions, which vLLM, llama.cpp, Ollama and our local teacher write too), for a student that matches the
/// teacher's distribution. They are there where the request asked for them (<see cref="TeacherRequest.TopLogProbabilities"/>) and the server does so.
/// </summary>
internal static class AnswerLogProbabilities
{
    // What servers write for a probability of 0, which JSON cannot hold as a logarithm.
    private const double Impossible = -9999;

    /// <summary>Reads them.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>The distribution at each token in order, those of a thought in front of the answer included; null where the response holds none.</returns>
    /// <exception cref="KpodException">The response holds them in a form that cannot be read.</exception>
    public static IReadOnlyList<TokenDistribution>? Read(TeacherAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(JsonText.MendHalfCharacters(answer.Raw));
            return Content(document.RootElement) is { } content ? Place([.. content.EnumerateArray().Select(token => (Token(token), Top(token)))], answer.Text) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new KpodException($"the log-probabilities of the answer of {answer.ArrivedAt:u} cannot be read ({exception.Message}); they should stand in its raw response as choices[0].logprobs.content.", exception);
        }
    }

    private static JsonElement? Content(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0
        && choices[0].TryGetProperty("logprobs", out var logprobs) && logprobs.ValueKind == JsonValueKind.Object
        && logprobs.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array ? content : null;

    private static TokenLogProbability Token(JsonElement token)
    {
        var logarithm = token.GetProperty("logprob");
        var value = logarithm.ValueKind == JsonValueKind.Null ? double.NegativeInfinity : logarithm.GetDouble();
        return new TokenLogProbability(
            token.GetProperty("token").GetString() ?? string.Empty,
            token.TryGetProperty("bytes", out var bytes) && bytes.ValueKind == JsonValueKind.Array ? [.. bytes.EnumerateArray().Select(value => value.GetByte())] : null,
            value <= Impossible ? double.NegativeInfinity : Math.Min(0, value))
        {
            Id = token.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) ? number : null,
        };
    }

    private static TokenLogProbability[] Top(JsonElement token) => token.TryGetProperty("top_logprobs", out var top) && top.ValueKind == JsonValueKind.Array
        ? [.. top.EnumerateArray().Select(Token).OrderByDescending(other => other.LogProbability)]
        : [];

    // The tokens spell more than the text where a thought stands in front of it or an end token behind it.
    private static TokenDistribution[] Place((TokenLogProbability Chosen, TokenLogProbability[] Top)[] tokens, string text)
    {
        byte[][] spelled = [.. tokens.Select(token => token.Chosen.Bytes?.ToArray() ?? Encoding.UTF8.GetBytes(token.Chosen.Text))];
        var wanted = Encoding.UTF8.GetBytes(text);
        var start = spelled.SelectMany(bytes => bytes).ToArray().AsSpan().LastIndexOf(wanted);
        var units = UnitsBefore(text, wanted.Length);
        var places = new TokenDistribution[tokens.Length];
        var position = -start;
        for (var index = 0; index < tokens.Length; index++)
        {
            var end = position + spelled[index].Length;
            var isInside = start >= 0 && wanted.Length > 0 && (end > 0 || spelled[index].Length == 0) && position < wanted.Length;
            places[index] = isInside
                ? new TokenDistribution(tokens[index].Chosen, tokens[index].Top, units[Math.Max(0, position)], units[Math.Clamp(end, 0, wanted.Length)])
                : new TokenDistribution(tokens[index].Chosen, tokens[index].Top, null, null);
            position = end;
        }

        return places;
    }

    // How many UTF-16 units are whole within the first n bytes, for every n.
    private static int[] UnitsBefore(string text, int length)
    {
        var units = new int[length + 1];
        var (bytes, whole) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            Array.Fill(units, whole, bytes, rune.Utf8SequenceLength);
            bytes += rune.Utf8SequenceLength;
            whole += rune.Utf16SequenceLength;
        }

        units[bytes] = whole;
        return units;
    }
}

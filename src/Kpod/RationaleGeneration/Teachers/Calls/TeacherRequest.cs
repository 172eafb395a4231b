using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kpod.RationaleGeneration.Prompts;

namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>
/// One question put to a teacher once: everything that shapes the answer, and nothing else. Where the teacher is reached, with which key and at what price does not shape it, so a server that moves
/// costs nothing anew.
/// </summary>
public sealed record TeacherRequest
{
    /// <summary>The model by the name that its server knows; of a local checkpoint its name and fingerprint.</summary>
    public required string Model { get; init; }

    /// <summary>The prompt, message by message.</summary>
    public required IReadOnlyList<PromptMessage> Messages { get; init; }

    /// <summary>Number of the sample among those of the same prompt, from 0: N samples are N requests.</summary>
    public int Sample { get; init; }

    /// <summary>What logits are divided by, 0 or more; 0 is greedy. Null leaves it to the server.</summary>
    public double? Temperature { get; init; }

    /// <summary>Draws among the fewest tokens that together reach this probability. Null leaves it to the server.</summary>
    public double? TopP { get; init; }

    /// <summary>The most tokens of the answer. Null leaves it to the server.</summary>
    public int? MaximumTokens { get; init; }

    /// <summary>The seed that is sent along. Null sends none.</summary>
    public long? Seed { get; init; }

    /// <summary>How many of the most probable tokens to report at each place, with their log-probabilities. Null asks for none.</summary>
    public int? TopLogProbabilities { get; init; }

    /// <summary>Texts at which the answer ends; empty for none.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>SHA-256 over <see cref="CanonicalText"/> as UTF-8, lower-case hexadecimal: the request's key in a store, and its <c>custom_id</c> in a batch.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalText())));

    /// <summary>
    /// The request as text from which its hash is made: a line <c>kpod-request 1</c>, then for each value that is set a line with its name and its length in bytes, and its text on a line of its own.
    /// docs/formats.md describes it, so that any program can make the same hash.
    /// </summary>
    /// <returns>Lines that end in <c>\n</c>.</returns>
    public string CanonicalText()
    {
        var text = new StringBuilder("kpod-request 1\n");
        Add("model", Model);
        Add("sample", Sample.ToString(CultureInfo.InvariantCulture));
        Add("temperature", Temperature?.ToString("R", CultureInfo.InvariantCulture));
        Add("topP", TopP?.ToString("R", CultureInfo.InvariantCulture));
        Add("maximumTokens", MaximumTokens?.ToString(CultureInfo.InvariantCulture));
        Add("seed", Seed?.ToString(CultureInfo.InvariantCulture));
        Add("topLogProbabilities", TopLogProbabilities?.ToString(CultureInfo.InvariantCulture));
        foreach (var stop in StopTexts)
        {
            Add("stop", stop);
        }

        foreach (var message in Messages)
        {
            Add(message.Role.ToString().ToLowerInvariant(), message.Text);
        }

        return text.ToString();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name} {Encoding.UTF8.GetByteCount(value)}\n{value}\n");
            }
        }
    }
}

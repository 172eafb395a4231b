namespace Kpod.LanguageModels.Inference;

/// <summary>How texts are generated.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most tokens written behind a prompt, at least 1. Too few cut answers off, which shows as <see cref="StopReason.Length"/>.</summary>
    public int MaximumNewTokens { get; init; } = 256;

    /// <summary>How the next token is chosen. The paper does not say; greedy, as is usual where one answer is scored.</summary>
    public Sampling Sampling { get; init; } = new Sampling.Greedy();

    /// <summary>A text ends in front of the first of these that appears; empty for none.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>Texts written at once, at least 1: more is faster and takes more memory. In float32 it changes no greedy text.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Seed of the sampling; each text has numbers of its own, whatever the batches.</summary>
    public long Seed { get; init; }

    /// <summary>Names every value out of range.</summary>
    /// <param name="section">The recipe section that holds these keys.</param>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check(string section)
    {
        if (MaximumNewTokens < 1)
        {
            yield return $"{section}.maximumNewTokens is {MaximumNewTokens}; it must be 1 or more.";
        }

        if (BatchSize < 1)
        {
            yield return $"{section}.batchSize is {BatchSize}; it must be 1 or more.";
        }

        if (StopTexts.Any(string.IsNullOrEmpty))
        {
            yield return $"{section}.stopTexts holds an empty text, which would end every answer at once; leave it out.";
        }

        foreach (var fault in Sampling.Check($"{section}.sampling"))
        {
            yield return fault;
        }
    }
}

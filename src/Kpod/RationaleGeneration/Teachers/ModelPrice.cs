namespace Kpod.RationaleGeneration.Teachers;

/// <summary>What a model costs: an entry of a price file.</summary>
public sealed record ModelPrice
{
    private const decimal Million = 1_000_000;

    /// <summary>The model by the name that the server knows.</summary>
    public required string Name { get; init; }

    /// <summary>Price of a million tokens of prompts, 0 or more.</summary>
    public required double Input { get; init; }

    /// <summary>Price of a million tokens of answers, 0 or more.</summary>
    public required double Output { get; init; }

    /// <summary>The cost of a call.</summary>
    /// <param name="inputTokens">Tokens of the prompt.</param>
    /// <param name="outputTokens">Tokens of the answer.</param>
    /// <returns>In the file's currency.</returns>
    public decimal Cost(long inputTokens, long outputTokens) => ((inputTokens * (decimal)Input) + (outputTokens * (decimal)Output)) / Million;
}

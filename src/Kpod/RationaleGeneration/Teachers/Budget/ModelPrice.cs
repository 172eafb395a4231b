namespace Kpod.RationaleGeneration.Teachers.Budget;

/// <summary>What a model costs: an entry of a price file.</summary>
internal sealed record ModelPrice
{
    private const decimal Million = 1_000_000;

    /// <summary>The model by the name that the server knows.</summary>
    public required string Name { get; init; }

    /// <summary>Price of a million tokens of prompts, 0 or more.</summary>
    public required double Input { get; init; }

    /// <summary>Price of a million tokens of answers, 0 or more.</summary>
    public required double Output { get; init; }

    /// <summary>Price of a million tokens of prompts in a batch, 0 or more; null for the same as <see cref="Input"/>. OpenAI asks for half.</summary>
    public double? BatchInput { get; init; }

    /// <summary>Price of a million tokens of answers in a batch, 0 or more; null for the same as <see cref="Output"/>.</summary>
    public double? BatchOutput { get; init; }

    /// <summary>The prices of a batch as those of a model.</summary>
    /// <returns>A price whose input and output are the batch's.</returns>
    public ModelPrice OfBatch() => this with { Input = BatchInput ?? Input, Output = BatchOutput ?? Output };

    /// <summary>The cost of a call.</summary>
    /// <param name="inputTokens">Tokens of the prompt.</param>
    /// <param name="outputTokens">Tokens of the answer.</param>
    /// <returns>In the file's currency.</returns>
    public decimal Cost(long inputTokens, long outputTokens) => ((inputTokens * (decimal)Input) + (outputTokens * (decimal)Output)) / Million;
}

using System.Numerics.Tensors;

namespace Kpod.LanguageModels.Inference;

/// <summary>How the next token is chosen from the logits.</summary>
public abstract record Sampling
{
    private Sampling()
    {
    }

    /// <summary>Names every value out of range.</summary>
    /// <param name="section">The recipe section that holds these keys.</param>
    /// <returns>One message a fault.</returns>
    public abstract IEnumerable<string> Check(string section);

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">One a token of the vocabulary; overwritten.</param>
    /// <param name="random">Where chance comes from; drawn from once, if at all.</param>
    /// <returns>The token's id.</returns>
    internal abstract int Choose(Span<float> logits, Random random);

    private static IEnumerable<string> CheckTemperature(string key, double temperature)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
        {
            yield return $"{key} is {temperature}; it must be above 0. For no chance at all choose greedy.";
        }
    }

    private static void ToProbabilities(Span<float> logits, double temperature)
    {
        // Less the largest first: a tiny temperature must not make the largest logit infinite.
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), logits);
        TensorPrimitives.Divide(logits, (float)temperature, logits);
        TensorPrimitives.SoftMax(logits, logits);
    }

    // Draws a token with a chance in proportion to its probability.
    private static int Draw(IReadOnlyList<int> tokens, ReadOnlySpan<float> probabilities, Random random)
    {
        var total = 0.0;
        foreach (var token in tokens)
        {
            total += probabilities[token];
        }

        var mark = random.NextDouble() * total;
        foreach (var token in tokens)
        {
            mark -= probabilities[token];
            if (mark < 0)
            {
                return token;
            }
        }

        return tokens[^1];
    }

    /// <summary>Always the most probable token.</summary>
    public sealed record Greedy : Sampling
    {
        /// <inheritdoc/>
        public override IEnumerable<string> Check(string section) => [];

        internal override int Choose(Span<float> logits, Random random) => TensorPrimitives.IndexOfMax<float>(logits);
    }

    /// <summary>Any token, by its probability.</summary>
    /// <param name="Temperature">What logits are divided by, above 0; below 1 favours the probable.</param>
    public sealed record Plain(double Temperature = 1) : Sampling
    {
        /// <inheritdoc/>
        public override IEnumerable<string> Check(string section) => CheckTemperature($"{section}.temperature", Temperature);

        internal override int Choose(Span<float> logits, Random random)
        {
            ToProbabilities(logits, Temperature);
            return Draw([.. Enumerable.Range(0, logits.Length)], logits, random);
        }
    }

    /// <summary>One of the most probable tokens (Fan et al., 2018).</summary>
    /// <param name="Count">How many tokens may be chosen, at least 1.</param>
    /// <param name="Temperature">What logits are divided by, above 0.</param>
    public sealed record TopK(int Count, double Temperature = 1) : Sampling
    {
        /// <inheritdoc/>
        public override IEnumerable<string> Check(string section) =>
            Count < 1 ? CheckTemperature($"{section}.temperature", Temperature).Append($"{section}.count is {Count}; it must be 1 or more.") : CheckTemperature($"{section}.temperature", Temperature);

        internal override int Choose(Span<float> logits, Random random)
        {
            var best = new PriorityQueue<int, float>(Math.Min(Count, logits.Length));
            for (var token = 0; token < logits.Length; token++)
            {
                if (best.Count < Count)
                {
                    best.Enqueue(token, logits[token]);
                }
                else if (best.TryPeek(out _, out var least) && logits[token] > least)
                {
                    best.EnqueueDequeue(token, logits[token]);
                }
            }

            ToProbabilities(logits, Temperature);
            return Draw([.. best.UnorderedItems.Select(item => item.Element).Order()], logits, random);
        }
    }

    /// <summary>One of the fewest tokens that together reach a probability (nucleus sampling, Holtzman et al., 2020).</summary>
    /// <param name="Mass">The probability to be reached, above 0, at most 1.</param>
    /// <param name="Temperature">What logits are divided by, above 0.</param>
    public sealed record TopP(double Mass, double Temperature = 1) : Sampling
    {
        /// <inheritdoc/>
        public override IEnumerable<string> Check(string section) =>
            Mass is > 0 and <= 1 ? CheckTemperature($"{section}.temperature", Temperature) : CheckTemperature($"{section}.temperature", Temperature).Append($"{section}.mass is {Mass}; it must be above 0 and at most 1.");

        internal override int Choose(Span<float> logits, Random random)
        {
            ToProbabilities(logits, Temperature);

            // All tokens below this bound together weigh less than what the nucleus leaves out, so it never reaches them and they need no sorting.
            var bound = (1 - Mass) / logits.Length;
            var candidates = new List<(float Probability, int Token)>();
            for (var token = 0; token < logits.Length; token++)
            {
                if (logits[token] >= bound)
                {
                    candidates.Add((logits[token], token));
                }
            }

            candidates.Sort(static (a, b) => a.Probability == b.Probability ? a.Token.CompareTo(b.Token) : b.Probability.CompareTo(a.Probability));
            var sum = 0.0;
            var size = 0;
            while (size < candidates.Count && sum < Mass)
            {
                sum += candidates[size++].Probability;
            }

            return Draw([.. candidates.Take(Math.Max(1, size)).Select(candidate => candidate.Token)], logits, random);
        }
    }
}

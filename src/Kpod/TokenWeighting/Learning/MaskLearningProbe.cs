using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Masks;
using TorchSharp;

namespace Kpod.TokenWeighting.Learning;

/// <summary>A fixed set of rationales on which the module is looked at while and after it learns; nothing is learned from a look.</summary>
internal sealed class MaskLearningProbe
{
    private const int BatchSize = 8;

    private readonly TokenWeightingModule _module;
    private readonly EncodedRationale[][] _batches;

    /// <summary>Chooses what to look at.</summary>
    /// <param name="module">What is looked at.</param>
    /// <param name="rationales">The rationales; at least one.</param>
    public MaskLearningProbe(TokenWeightingModule module, IReadOnlyList<EncodedRationale> rationales)
    {
        _module = module;
        _batches = [.. rationales.OrderBy(rationale => rationale.Length).Chunk(BatchSize)];
        Count = rationales.Count;
    }

    /// <summary>Makes a mask for a batch: (rationales, tokens).</summary>
    /// <param name="rationales">The batch.</param>
    /// <param name="reading">The batch as the module reads it, logits included.</param>
    /// <returns>m.</returns>
    public delegate torch.Tensor MaskOf(IReadOnlyList<EncodedRationale> rationales, RationaleReading reading);

    /// <summary>Keeps every token.</summary>
    public static MaskOf Whole { get; } = static (_, reading) => reading.TokenMask;

    /// <summary>Masks every token.</summary>
    public static MaskOf None { get; } = static (_, reading) => torch.zeros_like(reading.TokenMask);

    /// <summary>Keeps the tokens that have a digit.</summary>
    public static MaskOf DigitsOnly { get; } = static (rationales, reading) =>
        RationaleBatch.Values(rationales, (row, token) => TokenClasses.Of(rationales[row], token) == TokenClass.Digit ? 1 : 0, reading.TokenMask.device);

    /// <summary>Keeps the tokens that are rather kept than masked: w &gt; 0.5.</summary>
    public static MaskOf Kept { get; } = static (_, reading) => reading.Logits!.gt(0).to(torch.ScalarType.Float32);

    /// <summary>Keeps as many tokens of each rationale as have w &gt; 0.5, chosen by chance.</summary>
    /// <param name="random">Chooses.</param>
    /// <returns>The mask.</returns>
    public static MaskOf KeptByChance(Random random) => (rationales, reading) =>
    {
        var width = (int)reading.Logits!.shape[1];
        var logits = reading.Logits.cpu().data<float>().ToArray();
        bool[][] chosen = [.. rationales.Select((rationale, row) => Enumerable.Range(row * width, rationale.RationaleTokens.Length).Select(place => logits[place] > 0).ToArray())];
        foreach (var row in chosen)
        {
            random.Shuffle(row);
        }

        return RationaleBatch.Values(rationales, (row, token) => chosen[row][token] ? 1 : 0, reading.TokenMask.device);
    };

    /// <summary>Number of rationales.</summary>
    public int Count { get; }

    /// <summary>The answer's loss after each quarter of the rationale.</summary>
    /// <param name="mask">What is masked.</param>
    /// <returns>Four means over the rationales, in nat an answer.</returns>
    public IReadOnlyList<double> AnswerLossByQuarter(MaskOf mask) =>
        AnswerLosses(mask, rationale => RationalePrefixes.Quarters(rationale.RationaleTokens.Length));

    /// <summary>What a rationale saves.</summary>
    /// <returns>The answer's loss with none and with all of it.</returns>
    public RationaleSaving Saving() => new(AnswerLossByQuarter(None), AnswerLossByQuarter(Whole));

    /// <summary>The answer's loss after the whole rationale.</summary>
    /// <param name="mask">What is masked.</param>
    /// <returns>The mean over the rationales, in nat an answer.</returns>
    public double AnswerLossAtEnd(MaskOf mask) => AnswerLosses(mask, rationale => [rationale.RationaleTokens.Length])[0];

    /// <summary>w of every token of every rationale.</summary>
    /// <returns>The weights, ascending.</returns>
    public float[] SortedWeights()
    {
        float[] weights = [.. _batches.SelectMany(_module.Weights).SelectMany(values => values)];
        Array.Sort(weights);
        return weights;
    }

    private double[] AnswerLosses(MaskOf mask, Func<EncodedRationale, int[]> prefixes)
    {
        using var noGradient = torch.no_grad();
        double[]? sums = null;
        foreach (var batch in _batches)
        {
            using var scope = torch.NewDisposeScope();
            var reading = _module.Read(batch, withLogits: true);
            var losses = _module.AnswerLosses(batch, reading, mask(batch, reading), [.. batch.Select(prefixes)])
                .view(batch.Length, -1).sum(dim: 0).cpu().data<float>().ToArray();
            sums ??= new double[losses.Length];
            for (var prefix = 0; prefix < losses.Length; prefix++)
            {
                sums[prefix] += losses[prefix];
            }
        }

        return [.. sums!.Select(sum => sum / Count)];
    }
}

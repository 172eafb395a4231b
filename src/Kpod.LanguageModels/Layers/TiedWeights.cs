using TorchSharp;

namespace Kpod.LanguageModels.Layers;

/// <summary>Takes matrices that a checkpoint may store once for several places of a model, or once for each.</summary>
internal static class TiedWeights
{
    /// <summary>The output layer of a model, by its published name.</summary>
    public const string Head = "lm_head.weight";

    /// <summary>Takes a matrix that stands under one or more of some names.</summary>
    /// <param name="weights">Where the weights come from.</param>
    /// <param name="names">Its names; the first is the published one, and stands in the message where none is there.</param>
    /// <param name="rows">Rows that the configuration asks for.</param>
    /// <param name="columns">Columns that it asks for.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="KpodException">It is missing or has another shape, or two of its copies differ.</exception>
    public static torch.Tensor TakeOne(IWeightSource weights, IReadOnlyList<string> names, long rows, long columns)
    {
        var there = names.Where(weights.Contains).DefaultIfEmpty(names[0]).ToList();
        var matrix = weights.Take(there[0], rows, columns);
        foreach (var copy in there.Skip(1))
        {
            if (TakeIfOther(weights, copy, matrix) is { } other)
            {
                other.Dispose();
                throw new KpodException($"{weights.Describe(copy)} differs from '{there[0]}'; the model has one matrix for both places. A model with two of them is not implemented.");
            }
        }

        return matrix;
    }

    /// <summary>Takes a matrix that may be a copy of another.</summary>
    /// <param name="weights">Where the weights come from.</param>
    /// <param name="name">Its published name.</param>
    /// <param name="matrix">What it may be a copy of.</param>
    /// <returns>The matrix where it holds other values; null where it is missing or a copy.</returns>
    public static torch.Tensor? TakeIfOther(IWeightSource weights, string name, torch.Tensor matrix)
    {
        if (!weights.Contains(name))
        {
            return null;
        }

        var stored = weights.Take(name, matrix.shape);
        if (!stored.Equals(matrix))
        {
            return stored;
        }

        stored.Dispose();
        return null;
    }
}

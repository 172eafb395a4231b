using System.Numerics;
using System.Runtime.CompilerServices;
using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>The softmax of causal attention for a block of queries, in place: what a query does not see is left out of the arithmetic and is zero.</summary>
/// <param name="from">Position of the first query.</param>
/// <param name="to">One past the last; as many keys there are.</param>
/// <param name="scale">What the scores are multiplied by, above zero.</param>
internal sealed unsafe class CausalSoftmax(long from, long to, double scale)
{
    /// <summary>Turns scores into probabilities.</summary>
    /// <param name="scores">(stacks, heads · queries, keys), contiguous; changed.</param>
    public void Apply(torch.Tensor scores)
    {
        var rows = new TensorRows(scores);
        ThreadTeam.Divide(scores.shape[0] * scores.shape[1], LeastRows, (first, last) => Apply(rows, first, last));
    }

    /// <summary>With p the probabilities and g their gradient, the gradient of the scores: scale · p (g - Σ p g).</summary>
    /// <param name="probabilities">From <see cref="Apply(torch.Tensor)"/>.</param>
    /// <param name="gradient">Their gradient, contiguous; becomes that of the scores.</param>
    public void Differentiate(torch.Tensor probabilities, torch.Tensor gradient)
    {
        var (rows, changed) = (new TensorRows(probabilities), new TensorRows(gradient));
        ThreadTeam.Divide(gradient.shape[0] * gradient.shape[1], LeastRows, (first, last) => Differentiate(rows, changed, first, last));
    }

    private long LeastRows => 1 + ((1 << 14) / to);

    private int Seen(long row) => (int)(from + (row % (to - from)) + 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(TensorRows scores, long first, long last)
    {
        using var memory = new RowMemory(TensorRows.Room((int)to));
        var row = memory.Start;
        var factor = Vector.Create((float)scale);
        for (var index = first; index < last; index++)
        {
            var seen = Seen(index);
            var room = TensorRows.Room(seen);
            scores.Read(index * to, Whole(seen), row);
            new Span<float>(row + seen, room - seen).Fill(float.NegativeInfinity);
            var most = Vector.Create(VectorFunctions.Largest(row, room));
            var sum = Vector<float>.Zero;
            for (var key = 0; key < room; key += TensorRows.Lanes)
            {
                var power = VectorFunctions.Exponential((Vector.Load(row + key) - most) * factor);
                power.Store(row + key);
                sum += power;
            }

            var inverse = Vector.Create(1 / Vector.Sum(sum));
            for (var key = 0; key < room; key += TensorRows.Lanes)
            {
                (Vector.Load(row + key) * inverse).Store(row + key);
            }

            WriteSeen(scores, row, index, seen);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differentiate(TensorRows probabilities, TensorRows gradient, long first, long last)
    {
        var length = TensorRows.Room((int)to);
        using var memory = new RowMemory(2 * length);
        var probability = memory.Start;
        var row = probability + length;
        var factor = Vector.Create((float)scale);
        for (var index = first; index < last; index++)
        {
            var seen = Seen(index);
            probabilities.Read(index * to, Whole(seen), probability);
            gradient.Read(index * to, Whole(seen), row);
            var product = Vector<float>.Zero;
            for (var key = 0; key < seen; key += TensorRows.Lanes)
            {
                product = Vector.MultiplyAddEstimate(Vector.Load(probability + key), Vector.Load(row + key), product);
            }

            var mean = Vector.Create(Vector.Sum(product));
            for (var key = 0; key < seen; key += TensorRows.Lanes)
            {
                ((Vector.Load(row + key) - mean) * Vector.Load(probability + key) * factor).Store(row + key);
            }

            WriteSeen(gradient, row, index, seen);
        }
    }

    // Whole vectors, as far as there are keys: what does not fill one is handled number by number.
    private int Whole(int seen) => Math.Min(TensorRows.Room(seen), (int)to);

    private void WriteSeen(TensorRows target, float* row, long index, int seen)
    {
        var written = Whole(seen);
        new Span<float>(row + seen, written - seen).Clear();
        target.Write(row, written, index * to);
        target.Clear((index * to) + written, (int)to - written);
    }
}

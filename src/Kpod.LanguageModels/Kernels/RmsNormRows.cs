using System.Numerics;
using System.Runtime.CompilerServices;
using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>The arithmetic of <see cref="RmsNorm"/>, row by row.</summary>
internal readonly unsafe struct RmsNormRows
{
    // Rows whose parts of the weight's gradient are added up one after the other: the order must not depend on the number of threads.
    private const int BlockRows = 32;

    private readonly TensorRows _x;
    private readonly TensorRows _weight;
    private readonly int _width;
    private readonly long _rows;
    private readonly float _epsilon;

    /// <summary>Takes the input.</summary>
    /// <param name="x">(…, width), contiguous; kept alive by the caller, as all tensors here.</param>
    /// <param name="weight">(width).</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public RmsNormRows(torch.Tensor x, torch.Tensor weight, double epsilon)
    {
        (_x, _weight, _width, _epsilon) = (new TensorRows(x), new TensorRows(weight), (int)x.shape[^1], (float)epsilon);
        _rows = x.numel() / Math.Max(1, _width);
    }

    private long Blocks => (_rows + BlockRows - 1) / BlockRows;

    private int Room => TensorRows.Room(_width);

    // In blocks: what is worth a second thread.
    private long LeastBlocks => 1 + ((1 << 14) / ((long)BlockRows * _width));

    /// <summary>y = x r w with r = (mean(x²) + epsilon)^-½.</summary>
    /// <param name="y">As x; filled.</param>
    public void Normalise(torch.Tensor y)
    {
        var (rows, target) = (this, new TensorRows(y));
        ThreadTeam.Divide(Blocks, LeastBlocks, (from, to) => rows.Normalise(target, from * BlockRows, Math.Min(rows._rows, to * BlockRows)));
    }

    /// <summary>With g the gradient of y: dx = r (g w - x r² mean(g w x)), dw = Σ g x r.</summary>
    /// <param name="gradient">Of y, contiguous.</param>
    /// <param name="inputGradient">As x; filled.</param>
    /// <param name="ofWeight">Whether the gradient of the weight is wanted.</param>
    /// <returns>(width), float32, or null.</returns>
    public torch.Tensor? Differentiate(torch.Tensor gradient, torch.Tensor inputGradient, bool ofWeight)
    {
        var (rows, given, target) = (this, new TensorRows(gradient), new TensorRows(inputGradient));
        if (!ofWeight)
        {
            ThreadTeam.Divide(Blocks, LeastBlocks, (from, to) => rows.Differentiate(given, target, null, from, to));
            return null;
        }

        using var scope = torch.NewDisposeScope();
        var parts = torch.zeros(Blocks, Room, dtype: torch.ScalarType.Float32);
        fixed (byte* start = parts.bytes)
        {
            var sums = (nint)start;
            ThreadTeam.Divide(Blocks, LeastBlocks, (from, to) => rows.Differentiate(given, target, (float*)sums, from, to));
        }

        return parts.sum(dim: 0).narrow(0, 0, _width).MoveToOuterDisposeScope();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalise(TensorRows y, long from, long to)
    {
        using var memory = new RowMemory(2 * Room);
        var weight = memory.Start;
        var x = weight + Room;
        _weight.Read(0, _width, weight);
        for (var row = from; row < to; row++)
        {
            _x.Read(row * _width, _width, x);
            var inverse = Vector.Create(Inverse(x));
            for (var index = 0; index < Room; index += TensorRows.Lanes)
            {
                (Vector.Load(x + index) * inverse * Vector.Load(weight + index)).Store(x + index);
            }

            y.Write(x, _width, row * _width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differentiate(TensorRows gradient, TensorRows inputGradient, float* weightGradient, long fromBlock, long toBlock)
    {
        using var memory = new RowMemory(3 * Room);
        var weight = memory.Start;
        var x = weight + Room;
        var g = x + Room;
        _weight.Read(0, _width, weight);
        for (var row = fromBlock * BlockRows; row < Math.Min(_rows, toBlock * BlockRows); row++)
        {
            _x.Read(row * _width, _width, x);
            gradient.Read(row * _width, _width, g);
            var inverse = Inverse(x);
            var factor = Vector.Create(inverse);
            if (weightGradient is not null)
            {
                AddWeightGradient(g, x, factor, weightGradient + (row / BlockRows * Room));
            }

            var product = Vector<float>.Zero;
            for (var index = 0; index < Room; index += TensorRows.Lanes)
            {
                var weighted = Vector.Load(g + index) * Vector.Load(weight + index);
                weighted.Store(g + index);
                product = Vector.MultiplyAddEstimate(weighted, Vector.Load(x + index), product);
            }

            var shift = Vector.Create(-Vector.Sum(product) * inverse * inverse * inverse / _width);
            for (var index = 0; index < Room; index += TensorRows.Lanes)
            {
                Vector.MultiplyAddEstimate(Vector.Load(x + index), shift, Vector.Load(g + index) * factor).Store(g + index);
            }

            inputGradient.Write(g, _width, row * _width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddWeightGradient(float* g, float* x, Vector<float> inverse, float* sums)
    {
        for (var index = 0; index < Room; index += TensorRows.Lanes)
        {
            Vector.MultiplyAddEstimate(Vector.Load(g + index) * Vector.Load(x + index), inverse, Vector.Load(sums + index)).Store(sums + index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Inverse(float* x)
    {
        var squares = Vector<float>.Zero;
        for (var index = 0; index < Room; index += TensorRows.Lanes)
        {
            var numbers = Vector.Load(x + index);
            squares = Vector.MultiplyAddEstimate(numbers, numbers, squares);
        }

        return 1 / MathF.Sqrt((Vector.Sum(squares) / _width) + _epsilon);
    }
}

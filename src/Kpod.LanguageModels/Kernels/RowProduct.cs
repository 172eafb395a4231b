using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>
/// y = W x for a single row x and weights in bfloat16, in float32: what writing one text consists of. Each weight is read once, in the order in which it
/// lies in memory, so that the product takes the time of reading it; libtorch's and oneDNN's take half as long again and more.
/// </summary>
internal static unsafe class RowProduct
{
    private const int Lanes = 16; // of float32 in a vector
    private const long LeastForThreads = 1 << 17; // weights below which dividing the rows takes longer than it saves

    /// <summary>Whether a weight can be multiplied here.</summary>
    /// <param name="weight">(outputs, inputs).</param>
    /// <returns>True for contiguous bfloat16 on a CPU with vectors of 512 bits and a number of inputs that fills them.</returns>
    public static bool Serves(torch.Tensor weight) => weight.device_type == DeviceType.CPU && weight.dtype == torch.ScalarType.BFloat16
        && weight.is_contiguous() && Serves(weight.shape[1], weight.shape[0]);

    /// <summary>Whether a contiguous bfloat16 weight on a CPU can be multiplied here.</summary>
    /// <param name="inputs">Its columns.</param>
    /// <param name="outputs">Its rows.</param>
    /// <returns>True on a CPU with vectors of 512 bits and for a number of inputs that fills them.</returns>
    public static bool Serves(long inputs, long outputs) => Vector512.IsHardwareAccelerated && inputs % (2 * Lanes) == 0 && inputs * outputs * sizeof(ushort) <= int.MaxValue;

    /// <summary>Multiplies.</summary>
    /// <param name="x">One number per input.</param>
    /// <param name="weights">(outputs, inputs) each; <see cref="Serves(torch.Tensor)"/> all of them.</param>
    /// <param name="y">Is given one number per output of all weights together.</param>
    public static void Multiply(ReadOnlySpan<float> x, IReadOnlyList<torch.Tensor> weights, Span<float> y)
    {
        var row = ArrayPool<float>.Shared.Rent(x.Length);
        Divide(x, row);
        fixed (float* rowStart = row, first = y)
        {
            var next = first;
            foreach (var weight in weights)
            {
                fixed (byte* start = weight.bytes)
                {
                    Multiply((uint*)start, rowStart, next, (int)weight.shape[0], x.Length);
                }

                next += weight.shape[0];
            }
        }

        ArrayPool<float>.Shared.Return(row);
    }

    // Two neighbours of a bfloat16 row share 32 bits: those in the lower halves come first, then those in the upper ones, so that a vector of pairs meets two vectors of x.
    private static void Divide(ReadOnlySpan<float> x, Span<float> row)
    {
        var pairs = x.Length / 2;
        for (var pair = 0; pair < pairs; pair++)
        {
            row[pair] = x[2 * pair];
            row[pairs + pair] = x[(2 * pair) + 1];
        }
    }

    private static void Multiply(uint* weight, float* x, float* y, int outputs, int inputs)
    {
        var threads = (long)outputs * inputs < LeastForThreads ? 1 : torch.get_num_threads();
        if (threads == 1)
        {
            MultiplyRows(weight, x, y, 0, outputs, inputs / 2);
            return;
        }

        var share = (outputs + threads - 1) / threads;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part => MultiplyRows(weight, x, y, part * share, Math.Min(outputs, (part + 1) * share), inputs / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRows(uint* weight, float* x, float* y, int from, int to, int pairs)
    {
        var upper = Vector512.Create(0xFFFF0000u);
        for (var output = from; output < to; output++)
        {
            var row = weight + ((long)output * pairs);
            var (sum0, sum1, sum2, sum3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
            var pair = 0;
            for (; pair + Lanes < pairs; pair += 2 * Lanes)
            {
                var (left, right) = (Vector512.Load(row + pair), Vector512.Load(row + pair + Lanes));
                sum0 = Vector512.FusedMultiplyAdd((left << 16).AsSingle(), Vector512.Load(x + pair), sum0);
                sum1 = Vector512.FusedMultiplyAdd((left & upper).AsSingle(), Vector512.Load(x + pairs + pair), sum1);
                sum2 = Vector512.FusedMultiplyAdd((right << 16).AsSingle(), Vector512.Load(x + pair + Lanes), sum2);
                sum3 = Vector512.FusedMultiplyAdd((right & upper).AsSingle(), Vector512.Load(x + pairs + pair + Lanes), sum3);
            }

            if (pair < pairs)
            {
                var last = Vector512.Load(row + pair);
                sum0 = Vector512.FusedMultiplyAdd((last << 16).AsSingle(), Vector512.Load(x + pair), sum0);
                sum1 = Vector512.FusedMultiplyAdd((last & upper).AsSingle(), Vector512.Load(x + pairs + pair), sum1);
            }

            y[output] = Vector512.Sum(sum0 + sum1 + (sum2 + sum3));
        }
    }
}

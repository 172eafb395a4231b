using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>
/// Attention of one token of one text to keys and values in bfloat16 on the CPU: a few hundred products of two short rows, for which libtorch spends its time
/// on everything else. All arithmetic is float32.
/// </summary>
internal static unsafe class RowAttention
{
    private const int Lanes = 16; // of float32 in a vector

    /// <summary>Whether heads of this width can be attended to here.</summary>
    /// <param name="width">Head width.</param>
    /// <returns>True where it fills vectors of 512 bits.</returns>
    public static bool Serves(long width) => Vector512.IsHardwareAccelerated && width % (2 * Lanes) == 0;

    /// <summary>Whether these are such a query and such keys.</summary>
    /// <param name="query">(batch, heads, queries, head width).</param>
    /// <param name="key">(batch, key-value heads, keys, head width).</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <returns>True where the tensors may be given to <see cref="Attend(torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor?, double)"/>.</returns>
    public static bool Serves(torch.Tensor query, torch.Tensor key, torch.Tensor value) =>
        query.shape[0] == 1 && query.shape[2] == 1 && query.dtype == torch.ScalarType.BFloat16 && query.device_type == DeviceType.CPU && !torch.is_grad_enabled()
        && Serves(query.shape[3]) && key.is_contiguous() && value.is_contiguous();

    /// <summary>softmax(scale · q kᵀ + mask) v.</summary>
    /// <param name="query">(1, heads, 1, head width).</param>
    /// <param name="key">(1, key-value heads, keys, head width).</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="mask">Additive, (1, 1 or heads, 1, keys); null for none.</param>
    /// <param name="scale">What the products are multiplied by.</param>
    /// <returns>(1, heads, 1, head width).</returns>
    public static torch.Tensor Attend(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor? mask, double scale)
    {
        using var scope = torch.NewDisposeScope();
        var result = torch.empty(query.shape, dtype: torch.ScalarType.Float32);
        var masks = mask is null ? [] : Numbers(mask.to(torch.ScalarType.Float32).contiguous());
        Attend(Numbers(query.to(torch.ScalarType.Float32).contiguous()), key, value, (int)key.shape[2], masks, scale, Numbers(result));
        return result.to(query.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>softmax(scale · q kᵀ + mask) v.</summary>
    /// <param name="queries">Head after head.</param>
    /// <param name="key">(1, key-value heads, room for keys, head width), contiguous.</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="keys">How many keys there are.</param>
    /// <param name="mask">What is added to the scores: one number per key, for all heads or head after head; empty for none.</param>
    /// <param name="scale">What the products are multiplied by.</param>
    /// <param name="result">Is given the sums, head after head.</param>
    public static void Attend(ReadOnlySpan<float> queries, torch.Tensor key, torch.Tensor value, int keys, ReadOnlySpan<float> mask, double scale, Span<float> result)
    {
        var (sharedHeads, room, width) = ((int)key.shape[1], (int)key.shape[2], (int)key.shape[3]);
        var (heads, pairs) = (queries.Length / width, width / 2);
        var rented = ArrayPool<float>.Shared.Rent(keys);
        var row = stackalloc float[width];
        fixed (byte* keyStart = key.bytes, valueStart = value.bytes)
        {
            for (var head = 0; head < heads; head++)
            {
                var weights = rented.AsSpan(0, keys);
                var offset = (long)(head / (heads / sharedHeads)) * room * pairs;
                Divide(queries.Slice(head * width, width), row, (float)scale);
                Score((uint*)keyStart + offset, row, weights, pairs);
                if (mask.Length > 0)
                {
                    TensorPrimitives.Add(weights, mask.Length == keys ? mask : mask.Slice(head * keys, keys), weights);
                }

                // Less the largest first: exp must not overflow.
                TensorPrimitives.Subtract(weights, TensorPrimitives.Max<float>(weights), weights);
                TensorPrimitives.SoftMax(weights, weights);
                AddUp((uint*)valueStart + offset, weights, row, pairs);
                Join(row, result.Slice(head * width, width));
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private static Span<float> Numbers(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    // As in RowProduct: the even places first, then the odd ones.
    private static void Divide(ReadOnlySpan<float> values, float* row, float scale)
    {
        var pairs = values.Length / 2;
        for (var pair = 0; pair < pairs; pair++)
        {
            row[pair] = values[2 * pair] * scale;
            row[pairs + pair] = values[(2 * pair) + 1] * scale;
        }
    }

    private static void Join(float* row, Span<float> values)
    {
        var pairs = values.Length / 2;
        for (var pair = 0; pair < pairs; pair++)
        {
            values[2 * pair] = row[pair];
            values[(2 * pair) + 1] = row[pairs + pair];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score(uint* keys, float* query, Span<float> scores, int pairs)
    {
        var upper = Vector512.Create(0xFFFF0000u);
        for (var key = 0; key < scores.Length; key++, keys += pairs)
        {
            var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var pair = 0; pair < pairs; pair += Lanes)
            {
                var both = Vector512.Load(keys + pair);
                even = Vector512.FusedMultiplyAdd((both << 16).AsSingle(), Vector512.Load(query + pair), even);
                odd = Vector512.FusedMultiplyAdd((both & upper).AsSingle(), Vector512.Load(query + pairs + pair), odd);
            }

            scores[key] = Vector512.Sum(even + odd);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddUp(uint* values, ReadOnlySpan<float> weights, float* sums, int pairs)
    {
        var upper = Vector512.Create(0xFFFF0000u);
        for (var pair = 0; pair < pairs; pair += Lanes)
        {
            var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var key = 0; key < weights.Length; key++)
            {
                var both = Vector512.Load(values + ((long)key * pairs) + pair);
                var weight = Vector512.Create(weights[key]);
                even = Vector512.FusedMultiplyAdd((both << 16).AsSingle(), weight, even);
                odd = Vector512.FusedMultiplyAdd((both & upper).AsSingle(), weight, odd);
            }

            Vector512.Store(even, sums + pair);
            Vector512.Store(odd, sums + pairs + pair);
        }
    }
}

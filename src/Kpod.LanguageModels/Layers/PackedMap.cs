using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Native;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.Layers;

/// <summary>
/// Linear maps of one input with their adapters added in, laid out for decoding as a single product: packed by oneDNN, or, where one text is written alone, as they lie.
/// bfloat16 on the CPU.
/// </summary>
internal sealed class PackedMap : IDisposable
{
    private readonly torch.Tensor[] _weights; // of one row at a time; empty where they are packed
    private readonly torch.Tensor? _packed;
    private readonly torch.Tensor? _bias;
    private readonly float[] _rowBias = [];
    private readonly List<torch.Tensor> _owned = [];

    /// <summary>Adds up and packs.</summary>
    /// <param name="linears">The maps; not owned, and not changed while this lasts.</param>
    /// <param name="rows">Rows of the products to come.</param>
    public PackedMap(IReadOnlyList<Linear> linears, int rows)
    {
        using var scope = torch.NewDisposeScope();
        if (linears.Any(linear => linear.Bias is not null))
        {
            _bias = Own(torch.cat([.. linears.Select(linear => linear.Bias ?? torch.zeros(linear.Outputs, dtype: torch.ScalarType.BFloat16))], 0));
        }

        if (LieReady(linears, rows))
        {
            _rowBias = _bias is null ? [] : TensorRows.Numbers(_bias);
            _weights = [.. linears.Select(linear => IsTakenAsItLies(linear) ? linear.Weight : Own(Merged(linear)))];
            return;
        }

        _weights = [];
        torch.Tensor[] weights = [.. linears.Select(Merged)];
        _packed = Own(AtenOperator.PackLinearWeight(weights.Length == 1 ? weights[0] : torch.cat(weights, 0), rows));
    }

    /// <summary>Whether the weights lie as a single row wants them, so that <see cref="ApplyRow"/> may be called.</summary>
    public bool IsForRows => _packed is null;

    /// <summary>What packing takes.</summary>
    /// <param name="linears">The maps.</param>
    /// <param name="rows">Rows of the products to come.</param>
    /// <returns>Bytes of memory beside the maps' own.</returns>
    public static long BytesFor(IReadOnlyList<Linear> linears, int rows)
    {
        var ready = LieReady(linears, rows);
        return linears.Where(linear => !ready || !IsTakenAsItLies(linear)).Sum(linear => linear.Outputs * linear.Inputs * sizeof(ushort));
    }

    /// <summary>Applies the maps; without gradients.</summary>
    /// <param name="x">(…, inputs), of any number of rows.</param>
    /// <returns>(…, outputs of all maps together).</returns>
    public torch.Tensor Apply(torch.Tensor x)
    {
        if (_packed is not null)
        {
            return AtenOperator.PackedLinear(x, _packed, _bias);
        }

        if (x.numel() == x.shape[^1])
        {
            using var scope = torch.NewDisposeScope();
            var y = torch.empty([.. x.shape[..^1], _weights.Sum(weight => weight.shape[0])], dtype: torch.ScalarType.Float32);
            ApplyRow(Numbers(x.to(torch.ScalarType.Float32).contiguous()), Numbers(y));
            return y.to(x.dtype).MoveToOuterDisposeScope();
        }

        var parts = Array.ConvertAll(_weights, weight => functional.linear(x, weight));
        var together = parts.Length == 1 ? parts[0] : torch.cat(parts, -1);
        return _bias is null ? together : together.add_(_bias);
    }

    /// <summary>Applies the maps to one row; where <see cref="IsForRows"/>.</summary>
    /// <param name="x">One number per input.</param>
    /// <param name="y">Is given one number per output of all maps together, not rounded.</param>
    public void ApplyRow(ReadOnlySpan<float> x, Span<float> y)
    {
        RowProduct.Multiply(x, _weights, y);
        if (_rowBias.Length > 0)
        {
            TensorPrimitives.Add(y, _rowBias, y);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(tensor => tensor.Dispose());

    private static bool LieReady(IReadOnlyList<Linear> linears, int rows) => rows == 1 && linears.All(linear => linear.IsQuantised ? RowProduct.Serves(linear.Inputs, linear.Outputs) : RowProduct.Serves(linear.Weight));

    private static bool IsTakenAsItLies(Linear linear) => linear.Lora is null && !linear.IsQuantised;

    // W + s · B A, added up in float32 and rounded once.
    private static torch.Tensor Merged(Linear linear)
    {
        var weight = linear.DenseWeight();
        return linear.Lora is not { } lora ? weight
            : torch.addmm(weight.to(torch.ScalarType.Float32), lora.B, lora.A, beta: 1f, alpha: (float)lora.Scaling).to(weight.dtype);
    }

    private static Span<float> Numbers(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private torch.Tensor Own(torch.Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}

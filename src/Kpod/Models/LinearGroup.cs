using Kpod.Native;
using TorchSharp;

namespace Kpod.Models;

/// <summary>Linear maps of one input, which are a single product while they are packed for decoding.</summary>
internal sealed class LinearGroup
{
    private readonly Linear[] _linears;
    private torch.Tensor? _packed;
    private torch.Tensor? _packedBias;

    /// <summary>Groups maps.</summary>
    /// <param name="linears">The maps; not owned.</param>
    public LinearGroup(params Linear[] linears) => _linears = linears;

    /// <summary>Applies each map.</summary>
    /// <param name="x">(…, inputs).</param>
    /// <returns>(…, outputs) of each map in order; while packed views of one tensor.</returns>
    public torch.Tensor[] Forward(torch.Tensor x)
    {
        if (_packed is null || torch.is_grad_enabled())
        {
            return Array.ConvertAll(_linears, linear => linear.Forward(x));
        }

        var together = AtenOperator.PackedLinear(x, _packed, _packedBias);
        if (_linears.Length == 1)
        {
            return [together];
        }

        var start = 0L;
        return Array.ConvertAll(_linears, linear =>
        {
            start += linear.Outputs;
            return together.narrow(-1, start - linear.Outputs, linear.Outputs);
        });
    }

    /// <summary>Adds the adapters into the weights and packs them together; bfloat16 on the CPU.</summary>
    /// <param name="rows">Rows of the products to come.</param>
    public void Pack(int rows)
    {
        using var scope = torch.NewDisposeScope();
        var weights = Array.ConvertAll(_linears, Merged);
        _packed = AtenOperator.PackLinearWeight(weights.Length == 1 ? weights[0] : torch.cat(weights, 0), rows).DetachFromDisposeScope();
        if (_linears.Any(linear => linear.Bias is not null))
        {
            var biases = Array.ConvertAll(_linears, linear => linear.Bias ?? torch.zeros(linear.Outputs, dtype: weights[0].dtype));
            _packedBias = torch.cat(biases, 0).DetachFromDisposeScope();
        }
    }

    /// <summary>Drops what was packed.</summary>
    public void Unpack()
    {
        _packed?.Dispose();
        _packedBias?.Dispose();
        (_packed, _packedBias) = (null, null);
    }

    // W + s · B A, added up in float32 and rounded once.
    private static torch.Tensor Merged(Linear linear)
    {
        var weight = linear.DenseWeight();
        return linear.Lora is not { } lora ? weight
            : torch.addmm(weight.to(torch.ScalarType.Float32), lora.B, lora.A, beta: 1f, alpha: (float)lora.Scaling).to(weight.dtype);
    }
}

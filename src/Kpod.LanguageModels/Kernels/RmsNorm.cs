using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>
/// Root-mean-square normalisation (Zhang and Sennrich, 2019): y = x / sqrt(mean(x²) + epsilon) · weight. On the CPU each row is read once and stays in the innermost
/// cache, in both directions; libtorch takes some six passes forward and ten backward over float32 copies of the data.
/// </summary>
internal static class RmsNorm
{
    /// <summary>Normalises over the last dimension.</summary>
    /// <param name="x">(…, width).</param>
    /// <param name="weight">(width), of the type of <paramref name="x"/>.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <returns>(…, width).</returns>
    public static torch.Tensor Apply(torch.Tensor x, torch.Tensor weight, double epsilon)
    {
        if (!TensorRows.Serve(x) || weight.dtype != x.dtype || weight.shape[0] != x.shape[^1])
        {
            return AtenOperator.RmsNorm(x, weight, epsilon);
        }

        return torch.is_grad_enabled() && (x.requires_grad || weight.requires_grad) ? WithGradient.apply(x, weight, epsilon) : Forward(x, weight, epsilon);
    }

    private static torch.Tensor Forward(torch.Tensor x, torch.Tensor weight, double epsilon)
    {
        using var scope = torch.NewDisposeScope();
        var y = torch.empty(x.shape, dtype: x.dtype);
        new RmsNormRows(x.contiguous(), weight.contiguous(), epsilon).Normalise(y);
        return y.MoveToOuterDisposeScope();
    }

    private sealed class WithGradient : torch.autograd.SingleTensorFunction<WithGradient>
    {
        public override string Name => nameof(RmsNorm);

        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, weight, epsilon) = ((torch.Tensor)vars[0], (torch.Tensor)vars[1], (double)vars[2]);
            ctx.save_for_backward([x, weight]);
            ctx.save_data("epsilon", epsilon);
            return Forward(x, weight, epsilon);
        }

        public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
        {
            using var scope = torch.NewDisposeScope();
            var saved = ctx.get_saved_variables();
            var (x, weight) = (saved[0], saved[1]);
            var inputGradient = torch.empty(x.shape, dtype: x.dtype);
            var rows = new RmsNormRows(x.contiguous(), weight.contiguous(), (double)ctx.get_data("epsilon"));
            var weightGradient = rows.Differentiate(grad_output.contiguous(), inputGradient, weight.requires_grad);
            return BackwardResult.Of(grad_output, inputGradient, weightGradient?.to(weight.dtype), null);
        }
    }
}

using Kpod.Native;
using TorchSharp;

namespace Kpod.Models;

/// <summary>
/// Root-mean-square normalisation (Zhang and Sennrich, 2019): y = x / sqrt(mean(x²) + epsilon) · weight. libtorch fuses only the forward pass; its
/// backward pass on the CPU takes some ten passes over the data, the one written here half of them (a third of the time in bfloat16).
/// </summary>
internal static class RmsNorm
{
    /// <summary>Normalises over the last dimension.</summary>
    /// <param name="x">(…, width).</param>
    /// <param name="weight">(width), of the type of <paramref name="x"/>.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <returns>(…, width).</returns>
    public static torch.Tensor Apply(torch.Tensor x, torch.Tensor weight, double epsilon) =>
        x.device_type == DeviceType.CPU && torch.is_grad_enabled() && (x.requires_grad || weight.requires_grad)
            ? WithGradient.apply(x, weight, epsilon)
            : AtenOperator.RmsNorm(x, weight, epsilon);

    private sealed class WithGradient : torch.autograd.SingleTensorFunction<WithGradient>
    {
        public override string Name => nameof(RmsNorm);

        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, weight, epsilon) = ((torch.Tensor)vars[0], (torch.Tensor)vars[1], (double)vars[2]);
            ctx.save_for_backward([x, weight]);
            ctx.save_data("epsilon", epsilon);
            return AtenOperator.RmsNorm(x, weight, epsilon);
        }

        // With r = (mean(x²) + epsilon)^-½ and g the gradient of y: dweight = Σ g x r, dx = r (g w - x r² mean(g w x)).
        public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
        {
            using var scope = torch.NewDisposeScope();
            var saved = ctx.get_saved_variables();
            var (type, width) = (saved[0].dtype, saved[0].shape[^1]);
            var x = saved[0].to(torch.ScalarType.Float32);
            var gradient = grad_output.to(torch.ScalarType.Float32);
            var epsilon = (double)ctx.get_data("epsilon");
            var inverse = torch.linalg.vector_norm(x, 2, [-1], keepdim: true).square().div_(width).add_(epsilon).rsqrt_();

            torch.Tensor? weightGradient = null;
            if (saved[1].requires_grad)
            {
                weightGradient = gradient.mul(x).mul_(inverse).reshape(-1, width).sum(dim: 0).to(type);
            }

            var weighted = gradient.mul(saved[1].to(torch.ScalarType.Float32));
            var shift = weighted.mul(x).sum(-1, keepdim: true).mul_(inverse.pow(3)).div_(-width);
            var inputGradient = weighted.mul_(inverse).addcmul_(x, shift, value: 1).to(type);
            return BackwardResult.Of(grad_output, inputGradient, weightGradient, null);
        }
    }
}

using Kpod.LanguageModels.Kernels;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.Layers;

/// <summary>
/// Frozen linear maps of one input with their LoRA pairs, y_i = W_i x + b_i + scaling_i · B_i (A_i x), as one function with a backward pass of its own. Results are
/// written once, and the gradients of x that come from all maps and pairs are added up in one place; libtorch's own backward pass makes an array for each and adds
/// them two by two. The products and their types are the same.
/// </summary>
internal sealed class AdaptedMaps : torch.autograd.MultiTensorFunction<AdaptedMaps>
{
    /// <inheritdoc/>
    public override string Name => nameof(AdaptedMaps);

    /// <summary>Whether maps can be computed here: something is adapted, and only that is trained.</summary>
    /// <param name="linears">The maps.</param>
    /// <returns>Whether it is so.</returns>
    public static bool Serve(Linear[] linears) =>
        Array.Exists(linears, linear => linear.Lora is not null) && Array.TrueForAll(linears, linear => linear.IsFrozen);

    /// <summary>Applies the maps.</summary>
    /// <param name="linears">The maps.</param>
    /// <param name="x">(…, inputs).</param>
    /// <returns>(…, outputs) of each map in order.</returns>
    public static torch.Tensor[] Apply(Linear[] linears, torch.Tensor x) =>
        [.. apply([linears, x, .. linears.Where(linear => linear.Lora is not null).SelectMany(linear => new[] { linear.Lora!.A, linear.Lora.B })])];

    /// <inheritdoc/>
    public override List<torch.Tensor> forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        var (linears, x) = ((Linear[])vars[0], (torch.Tensor)vars[1]);
        using var scope = torch.NewDisposeScope();
        var (results, saved) = (new List<torch.Tensor>(), new List<torch.Tensor> { x });
        foreach (var linear in linears)
        {
            var y = linear.Weighted(weight => functional.linear(x, weight, linear.Bias));
            if (linear.Lora is { } lora)
            {
                var (a, b) = lora.As(x.dtype);
                var low = functional.linear(x, a);
                y.view(-1, linear.Outputs).addmm_(Rows(low), b.t(), beta: 1f, alpha: (float)lora.Scaling);
                saved.Add(low.MoveToOuterDisposeScope());
            }

            results.Add(y.MoveToOuterDisposeScope());
        }

        // What is saved is taken over only after the function has returned.
        ctx.save_data("linears", linears);
        ctx.save_for_backward(saved);
        return results;
    }

    /// <inheritdoc/>
    // With g the gradient of y, l = A x and h = scaling · g B: dB = scaling · gᵀ l, dA = hᵀ x, dx = Σ g W + h A.
    public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, List<torch.Tensor> grad_outputs)
    {
        using var scope = torch.NewDisposeScope();
        var linears = (Linear[])ctx.get_data("linears");
        var saved = ctx.get_saved_variables();
        var x = Rows(saved[0]);
        var input = saved[0].requires_grad ? new InputGradient() : null;
        List<torch.Tensor?> factors = [];
        var next = 1;
        foreach (var (linear, given) in linears.Zip(grad_outputs))
        {
            var low = linear.Lora is null ? null : saved[next++];

            // Null where nothing depends on a result.
            var gradient = given is null ? null : Rows(given);
            if (gradient is not null)
            {
                input?.Add(linear, gradient);
            }

            if (linear.Lora is { } lora)
            {
                factors.AddRange(gradient is null ? new torch.Tensor?[2] : Factors(lora, gradient, x, Rows(low!), input));
            }
        }

        return BackwardResult.Of(grad_outputs, [null, input?.Sum?.view(saved[0].shape), .. factors]);
    }

    // dA and dB; the pair's part of dx is added on the way.
    private static torch.Tensor[] Factors(LoraPair lora, torch.Tensor gradient, torch.Tensor x, torch.Tensor low, InputGradient? input)
    {
        var (a, b) = lora.As(x.dtype);
        var high = Scaled(gradient.mm(b), lora.Scaling);
        input?.Add(high, a);
        return [high.t().mm(x).to(lora.A.dtype), Scaled(gradient.t().mm(low), lora.Scaling).to(lora.B.dtype)];
    }

    private static torch.Tensor Rows(torch.Tensor values) => values.reshape(-1, values.shape[^1]);

    private static torch.Tensor Scaled(torch.Tensor values, double scaling) => scaling == 1 ? values : values.mul_(scaling);

    /// <summary>The gradient of x as it grows.</summary>
    private sealed class InputGradient
    {
        public torch.Tensor? Sum { get; private set; }

        // Another handle, for what is given is moved out of the scope of the decoded weight.
        public void Add(Linear linear, torch.Tensor gradient) =>
            Sum = linear.Weighted(weight => Sum is null ? gradient.mm(weight) : Sum.addmm_(gradient, weight).alias());

        public void Add(torch.Tensor high, torch.Tensor a) => Sum!.addmm_(high, a);
    }
}

using Kpod.LanguageModels.Kernels;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.Training;

/// <summary>
/// Output layer and cross-entropy together, some rows at a time: the logits of a row are as many floats as the vocabulary has tokens, and those of a whole batch
/// leave the caches and, at each step, the process. While the output layer is not trained its gradient is computed along with the loss: that of a row's loss is
/// (softmax - one-hot) W, and whatever the loss is weighted by later is a factor of it.
/// </summary>
internal sealed class OutputLoss : torch.autograd.SingleTensorFunction<OutputLoss>
{
    private const int RowsAtOnce = 256; // measured: 128 are slower, for the weights are laid out anew for each product

    /// <inheritdoc/>
    public override string Name => nameof(OutputLoss);

    /// <summary>-log P of each target.</summary>
    /// <param name="model">Its output layer is used.</param>
    /// <param name="states">(rows, hidden).</param>
    /// <param name="targets">(rows), int64.</param>
    /// <returns>(rows), float32, in nat.</returns>
    public static torch.Tensor Of(ILanguageModel model, torch.Tensor states, torch.Tensor targets)
    {
        using var scope = torch.NewDisposeScope();
        if (torch.is_grad_enabled() && model.Weights.Any(weight => weight.Value.requires_grad))
        {
            return CrossEntropy(model.Logits(states), targets).MoveToOuterDisposeScope();
        }

        if (torch.is_grad_enabled() && states.requires_grad)
        {
            return apply([model, states, targets]).MoveToOuterDisposeScope();
        }

        var parts = Parts(states, targets, (some, theirs) => CrossEntropy(model.Logits(some), theirs));
        return torch.cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        var (model, states, targets) = ((ILanguageModel)vars[0], (torch.Tensor)vars[1], (torch.Tensor)vars[2]);
        using var scope = torch.NewDisposeScope();
        List<torch.Tensor> gradients = [];
        var losses = Parts(states, targets, (some, theirs) =>
        {
            var (loss, gradient) = WithGradient(model, some, theirs);
            gradients.Add(gradient.MoveToOuterDisposeScope());
            return loss;
        });

        // What is saved is taken over only after the function has returned.
        ctx.save_for_backward([torch.cat(gradients, 0).MoveToOuterDisposeScope()]);
        return torch.cat(losses, 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
    {
        using var scope = torch.NewDisposeScope();
        var gradients = ctx.get_saved_variables()[0];
        return BackwardResult.Of(grad_output, null, gradients.mul(grad_output.unsqueeze(1)).to(gradients.dtype), null);
    }

    private static (torch.Tensor Loss, torch.Tensor Gradient) WithGradient(ILanguageModel model, torch.Tensor states, torch.Tensor targets)
    {
        using var recording = torch.enable_grad();
        var leaf = states.detach().requires_grad_(true);
        var logits = model.Logits(leaf);

        // The backward pass of the output layer needs no logits, so their memory serves for its gradient.
        var error = logits.detach();
        var losses = TensorRows.Serve(error) && error.is_contiguous() ? CrossEntropyRows.Replace(error, targets) : Replace(ref error, targets.unsqueeze(1));
        return (losses, torch.autograd.grad([logits], [leaf], [error])[0]);
    }

    private static torch.Tensor Replace(ref torch.Tensor logits, torch.Tensor index)
    {
        var logarithms = functional.log_softmax(logits, -1);
        var losses = logarithms.gather(1, index).squeeze(1).neg();
        logits = logarithms.exp_().scatter_add_(1, index, torch.full_like(index, -1, dtype: logarithms.dtype));
        return losses;
    }

    private static torch.Tensor CrossEntropy(torch.Tensor logits, torch.Tensor targets) => functional.cross_entropy(logits, targets, reduction: Reduction.None);

    // One scope a part, so that its logits go before those of the next come.
    private static List<torch.Tensor> Parts(torch.Tensor states, torch.Tensor targets, Func<torch.Tensor, torch.Tensor, torch.Tensor> lossOf)
    {
        List<torch.Tensor> parts = [];
        for (var start = 0L; start < states.shape[0]; start += RowsAtOnce)
        {
            using var scope = torch.NewDisposeScope();
            var rows = Math.Min(RowsAtOnce, states.shape[0] - start);
            parts.Add(lossOf(states.narrow(0, start, rows), targets.narrow(0, start, rows)).MoveToOuterDisposeScope());
        }

        return parts;
    }
}

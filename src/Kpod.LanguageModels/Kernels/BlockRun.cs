using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>
/// Runs the blocks of a model, with gradient checkpointing (Chen et al., 2016) where it is asked for: a block then keeps its inputs alone and computes its
/// activations again in the backward pass. Losses and gradients are the same to the bit, one further forward pass is the price. Nothing in a block is left to
/// chance, so no generator has to be set back.
/// </summary>
internal static class BlockRun
{
    /// <summary>Runs a block.</summary>
    /// <param name="checkpointing">Whether its activations are computed again in the backward pass; without effect where no gradient is recorded.</param>
    /// <param name="block">The block as a function of every tensor that it does not own.</param>
    /// <param name="inputs">Those tensors; the first is the stream of states.</param>
    /// <returns>The block's states.</returns>
    public static torch.Tensor Of(bool checkpointing, Func<IReadOnlyList<torch.Tensor>, torch.Tensor> block, params IReadOnlyList<torch.Tensor> inputs)
    {
        if (!torch.is_grad_enabled())
        {
            return block(inputs);
        }

        if (!checkpointing)
        {
            // An input of several blocks gets one gradient from each of them, as it does with checkpointing: the order in which they are added up is the same.
            return block([.. inputs.Select(input => input.requires_grad ? input.view(input.shape) : input)]);
        }

        // libtorch runs a backward pass only towards an input with a gradient, and the first block stands on frozen embeddings.
        var first = inputs.Any(input => input.requires_grad) ? inputs[0] : inputs[0].detach().requires_grad_(true);
        return Checkpointed.apply([block, first, .. inputs.Skip(1)]);
    }

    private sealed class Checkpointed : torch.autograd.SingleTensorFunction<Checkpointed>
    {
        public override string Name => nameof(Checkpointed);

        // Recorded here too, though only to be thrown away: so both passes take the same kernels.
        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            var block = (Func<IReadOnlyList<torch.Tensor>, torch.Tensor>)vars[0];
            var inputs = vars[1..].Cast<torch.Tensor>().ToList();
            ctx.save_data("block", block);
            ctx.save_for_backward(inputs);
            using var scope = torch.NewDisposeScope();
            using var recording = torch.enable_grad();
            return block([.. inputs.Select(Leaf)]).detach().MoveToOuterDisposeScope();
        }

        // The gradients of weights are added to those that they have; the gradients of inputs go on to the block before.
        public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
        {
            using var scope = torch.NewDisposeScope();
            using var recording = torch.enable_grad();
            var block = (Func<IReadOnlyList<torch.Tensor>, torch.Tensor>)ctx.get_data("block");
            var inputs = ctx.get_saved_variables().ConvertAll(Leaf);
            torch.autograd.backward([block(inputs)], [grad_output]);
            return BackwardResult.Of(grad_output, [null, .. inputs.Select(input => input.requires_grad ? input.grad : null)]);
        }

        private static torch.Tensor Leaf(torch.Tensor input) => input.detach().requires_grad_(input.requires_grad);
    }
}

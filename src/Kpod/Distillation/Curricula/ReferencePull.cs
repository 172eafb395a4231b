using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.Distillation.Curricula;

/// <summary>The pull of Kong et al. (2021) toward a frozen reference model: gamma · KL(reference || current), with gradient through the current model only.</summary>
internal static class ReferencePull
{
    /// <summary>The divergence at each label.</summary>
    /// <param name="reference">Logits of the reference, (labels, vocabulary).</param>
    /// <param name="current">Logits of the model in training.</param>
    /// <returns>(labels).</returns>
    public static torch.Tensor Divergences(torch.Tensor reference, torch.Tensor current)
    {
        using var scope = torch.NewDisposeScope();
        var fixedLogarithms = functional.log_softmax(reference.detach(), -1);
        return fixedLogarithms.exp().mul(fixedLogarithms.sub(functional.log_softmax(current, -1))).sum(-1).MoveToOuterDisposeScope();
    }
}

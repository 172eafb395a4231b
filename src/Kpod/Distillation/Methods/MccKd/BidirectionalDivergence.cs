using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.Distillation.Methods.MccKd;

/// <summary>How far two predictions of the same token lie apart: KL(p || q) and KL(q || p) over the whole vocabulary, with gradient through both.</summary>
/// <param name="FirstToSecond">KL(p || q) at each position, (positions).</param>
/// <param name="SecondToFirst">KL(q || p) at each position.</param>
internal sealed record BidirectionalDivergence(torch.Tensor FirstToSecond, torch.Tensor SecondToFirst)
{
    /// <summary>Computes both.</summary>
    /// <param name="first">Logits that predict the tokens after the first rationale, (positions, vocabulary).</param>
    /// <param name="second">Logits after the second.</param>
    /// <param name="temperature">Both softmaxes are taken at this temperature; no factor T² follows.</param>
    /// <returns>The divergences.</returns>
    public static BidirectionalDivergence Of(torch.Tensor first, torch.Tensor second, double temperature)
    {
        using var scope = torch.NewDisposeScope();
        var (p, q) = (functional.log_softmax(first.div(temperature), -1), functional.log_softmax(second.div(temperature), -1));
        var difference = p.sub(q);
        return new BidirectionalDivergence(
            p.exp().mul(difference).sum(-1).MoveToOuterDisposeScope(),
            q.exp().mul(difference).sum(-1).neg().MoveToOuterDisposeScope());
    }

    /// <summary>Half of their sum, averaged over the positions of each pair and summed over the pairs.</summary>
    /// <param name="lengths">Positions of each pair, in order.</param>
    /// <returns>A scalar.</returns>
    public torch.Tensor Sum(IReadOnlyList<int> lengths)
    {
        using var scope = torch.NewDisposeScope();
        double[] shares = [.. lengths.SelectMany(length => Enumerable.Repeat(0.5 / length, length))];
        var share = torch.tensor(shares, FirstToSecond.dtype, FirstToSecond.device);
        return FirstToSecond.add(SecondToFirst).mul(share).sum().MoveToOuterDisposeScope();
    }
}

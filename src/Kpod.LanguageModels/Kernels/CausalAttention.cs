using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>
/// Attention of texts to themselves with rotary positions, from the projections to the attended values, in bfloat16 on the CPU. The products are libtorch's; between
/// them each number is read and written once. The queries of a block see nothing behind its end, so its products stop there.
/// </summary>
internal sealed class CausalAttention : torch.autograd.SingleTensorFunction<CausalAttention>
{
    /// <inheritdoc/>
    public override string Name => nameof(CausalAttention);

    /// <summary>Applies it.</summary>
    /// <param name="query">(batch, tokens, heads, width).</param>
    /// <param name="key">(batch, tokens, key-value heads, width).</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="cosine">(batch or 1, 1, tokens, width).</param>
    /// <param name="signedSine">As <paramref name="cosine"/>, its first half negated.</param>
    /// <param name="scale">What the scores are multiplied by.</param>
    /// <returns>(batch, tokens, heads · width).</returns>
    public static torch.Tensor Apply(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor cosine, torch.Tensor signedSine, double scale)
    {
        Check(query, key, value, cosine, signedSine);
        if (torch.is_grad_enabled() && (query.requires_grad || key.requires_grad || value.requires_grad))
        {
            return apply(query, key, value, cosine, signedSine, scale);
        }

        using var scope = torch.NewDisposeScope();
        return Attend(query, key, value, cosine, signedSine, scale).Result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = torch.NewDisposeScope();
        var (cosine, sine, scale) = ((torch.Tensor)vars[3], (torch.Tensor)vars[4], (double)vars[5]);
        var (result, saved) = Attend((torch.Tensor)vars[0], (torch.Tensor)vars[1], (torch.Tensor)vars[2], cosine, sine, scale);

        // What is saved is taken over only after the function has returned.
        ctx.save_for_backward([cosine, sine, .. saved.Select(tensor => tensor.MoveToOuterDisposeScope())]);
        ctx.save_data("shape", ((torch.Tensor)vars[0]).shape);
        ctx.save_data("scale", scale);
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
    {
        using var scope = torch.NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (keys, values) = (saved[2], saved[3]);
        var shape = (long[])ctx.get_data("shape");
        var (batch, tokens, heads, width, scale) = (shape[0], shape[1], shape[2], shape[3], (double)ctx.get_data("scale"));
        var shared = keys.shape[0] / batch;
        var stacks = new HeadStacks(batch, tokens, heads, shared, width);
        var gradient = grad_output.contiguous();
        List<(torch.Tensor, long, long)> ofQuery = [], ofKey = [], ofValue = [];
        foreach (var (index, (from, to)) in Blocks(tokens).Index())
        {
            using var blockScope = torch.NewDisposeScope();
            var (queries, probabilities) = (saved[4 + (2 * index)], saved[5 + (2 * index)]);
            var attended = stacks.Stack(gradient, from, to, rotation: null);
            var scores = torch.bmm(attended, values.narrow(1, 0, to).transpose(1, 2));
            new CausalSoftmax(from, to, scale).Differentiate(probabilities, scores);
            ofValue.Add((torch.bmm(probabilities.transpose(1, 2), attended).MoveToOuterDisposeScope(), 0, to));
            ofKey.Add((torch.bmm(scores.transpose(1, 2), queries).MoveToOuterDisposeScope(), 0, to));
            ofQuery.Add((torch.bmm(scores, keys.narrow(1, 0, to)).MoveToOuterDisposeScope(), from, to));
        }

        var back = new RotaryRows(saved[0].contiguous(), saved[1].contiguous(), back: true);
        var single = new HeadStacks(batch, tokens, shared, shared, width);
        return BackwardResult.Of(grad_output, stacks.Unstack(ofQuery, back), single.Unstack(ofKey, back), single.Unstack(ofValue, rotation: null), null, null, null);
    }

    private static (torch.Tensor Result, List<torch.Tensor> Saved) Attend(
        torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor cosine, torch.Tensor signedSine, double scale)
    {
        var (batch, tokens, heads, width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var stacks = new HeadStacks(batch, tokens, heads, key.shape[2], width);
        var single = new HeadStacks(batch, tokens, key.shape[2], key.shape[2], width);
        var rotation = new RotaryRows(cosine.contiguous(), signedSine.contiguous(), back: false);
        var (keys, values) = (single.Stack(key.contiguous(), 0, tokens, rotation), single.Stack(value.contiguous(), 0, tokens, rotation: null));
        List<torch.Tensor> saved = [keys, values];
        List<(torch.Tensor, long, long)> attended = [];
        foreach (var (from, to) in Blocks(tokens))
        {
            var queries = stacks.Stack(query.contiguous(), from, to, rotation);
            var scores = torch.bmm(queries, keys.narrow(1, 0, to).transpose(1, 2));
            new CausalSoftmax(from, to, scale).Apply(scores);
            attended.Add((torch.bmm(scores, values.narrow(1, 0, to)), from, to));
            saved.AddRange([queries, scores]);
        }

        return (stacks.Unstack(attended, rotation: null).view(batch, tokens, heads * width), saved);
    }

    // The kernels go by these shapes and would read and write elsewhere.
    private static void Check(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor cosine, torch.Tensor signedSine)
    {
        var (batch, tokens, heads, width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        long[] angles = [cosine.shape[0], 1, tokens, width];
        if (!key.shape.SequenceEqual([batch, tokens, key.shape[2], width]) || !value.shape.SequenceEqual(key.shape) || heads % key.shape[2] != 0 || width % 2 != 0
            || !cosine.shape.SequenceEqual(angles) || !signedSine.shape.SequenceEqual(angles) || (angles[0] != 1 && angles[0] != batch))
        {
            throw new ArgumentException("Query, key, value and angles do not belong together.", nameof(query));
        }
    }

    private static IEnumerable<(long From, long To)> Blocks(long tokens)
    {
        for (var from = 0L; from < tokens; from += CausalMasks.BlockLength)
        {
            yield return (from, Math.Min(from + CausalMasks.BlockLength, tokens));
        }
    }
}

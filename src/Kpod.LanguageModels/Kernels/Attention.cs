using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>
/// Attention with shared key and value heads, which are never copied. In bfloat16 on the CPU, plain matrix products beat the fused kernel (causal, 256
/// tokens: by more than half, since half of the scores need not be computed); in float32 they are equal and the fused kernel takes less memory.
/// On a graphics processor the fused kernel's backward pass adds up in an order that changes from run to run, so a training step does without it.
/// </summary>
internal static class Attention
{
    // Up to here the kept probabilities of a training step, which grow with the square of the length, stay small beside its other activations.
    private const long LongestPlain = 1024;

    /// <summary>softmax(scale · q kᵀ + mask) v.</summary>
    /// <param name="query">(batch, heads, queries, head width).</param>
    /// <param name="key">(batch, key-value heads, keys, head width).</param>
    /// <param name="value">(batch, key-value heads, keys, head width).</param>
    /// <param name="mask">Additive, broadcastable to (batch, heads, queries, keys), of the query's type; no row may be -∞ throughout. Null for none.</param>
    /// <param name="scale">What the products are multiplied by.</param>
    /// <returns>(batch, queries, heads · head width).</returns>
    public static torch.Tensor Attend(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor? mask, double scale)
    {
        if (RowAttention.Serves(query, key, value))
        {
            return Join(RowAttention.Attend(query, key, value, mask, scale));
        }

        // The fused kernel gives a mask no gradient.
        var isPlain = mask is { requires_grad: true } || IsPlain(query, key);
        return Join(isPlain ? Plain(query, key, value, mask, scale) : AtenOperator.Attention(query, key, value, mask, causal: false, scale));
    }

    /// <summary>Attention of a text to itself, each token seeing those up to its own place.</summary>
    /// <param name="query">(batch, heads, tokens, head width).</param>
    /// <param name="key">(batch, key-value heads, tokens, head width).</param>
    /// <param name="value">(batch, key-value heads, tokens, head width).</param>
    /// <param name="masks">Made for this number of tokens and of query heads that share a key head.</param>
    /// <param name="scale">What the products are multiplied by.</param>
    /// <returns>(batch, tokens, heads · head width).</returns>
    public static torch.Tensor AttendCausally(torch.Tensor query, torch.Tensor key, torch.Tensor value, CausalMasks masks, double scale)
    {
        if (!IsPlain(query, key))
        {
            return Join(AtenOperator.Attention(query, key, value, mask: null, causal: true, scale));
        }

        var (batch, heads, width) = (query.shape[0], query.shape[1], query.shape[3]);
        var (sharedHeads, group) = (key.shape[1], heads / key.shape[1]);
        var (keys, values) = (Stack(key), Stack(value));
        var blocks = new torch.Tensor[masks.Blocks.Count];
        for (var index = 0; index < blocks.Length; index++)
        {
            // The queries of a block see nothing behind its end, so the products stop there.
            var (start, end, mask) = masks.Blocks[index];
            var queries = query.narrow(2, start, end - start).reshape(batch * sharedHeads, group * (end - start), width);
            var scores = MaskedScores(queries, keys.narrow(1, 0, end), mask, scale);
            blocks[index] = torch.bmm(scores.softmax(-1), values.narrow(1, 0, end)).view(batch, heads, end - start, width);
        }

        return Join(blocks.Length == 1 ? blocks[0] : torch.cat(blocks, 2));
    }

    /// <summary>The additive mask of a causal model whose last query is the last key.</summary>
    /// <param name="queries">Number of queries.</param>
    /// <param name="keys">Number of keys, at least as many.</param>
    /// <param name="like">Gives type and device.</param>
    /// <returns>(queries, keys): 0 up to the query's own position, -∞ behind it.</returns>
    public static torch.Tensor Causal(long queries, long keys, torch.Tensor like) =>
        torch.full(queries, keys, float.NegativeInfinity, dtype: like.dtype, device: like.device).triu(keys - queries + 1);

    /// <summary>Whether single queries are answered faster from whole tensors than from parts of them: where plain matrix products are used.</summary>
    /// <param name="device">Where the model is.</param>
    /// <param name="weightType">The type of its weights.</param>
    /// <returns>True in bfloat16 on the CPU.</returns>
    public static bool IsFasterWhole(torch.Device device, torch.ScalarType weightType) => device.type == DeviceType.CPU && weightType == torch.ScalarType.BFloat16;

    /// <summary>Whether a text's attention to itself is computed by <see cref="CausalAttention"/>.</summary>
    /// <param name="query">(batch, tokens, heads, head width).</param>
    /// <returns>True in bfloat16 on the CPU, for texts that are not too long.</returns>
    public static bool IsInOnePass(torch.Tensor query) =>
        query.dtype == torch.ScalarType.BFloat16 && query.shape[1] <= LongestPlain && TensorRows.Serve(query);

    private static bool IsPlain(torch.Tensor query, torch.Tensor key) =>
        key.shape[2] <= LongestPlain
        && (query.device_type == DeviceType.CPU ? query.dtype == torch.ScalarType.BFloat16 : torch.is_grad_enabled());

    // The query heads that share a key head are stacked as further rows of one product. torch's softmax of bfloat16 computes in float32 and rounds once.
    private static torch.Tensor Plain(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor? mask, double scale)
    {
        var (batch, heads, queries, width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var rows = (scale == 1 ? query : query.mul(scale)).reshape(batch * key.shape[1], heads / key.shape[1] * queries, width);
        var scores = torch.bmm(rows, Stack(key).transpose(1, 2)).view(batch, heads, queries, key.shape[2]);
        var weights = (mask is null ? scores : scores.add(mask)).softmax(-1).view(rows.shape[0], rows.shape[1], key.shape[2]);
        return torch.bmm(weights, Stack(value)).view(batch, heads, queries, width);
    }

    // mask + scale · q kᵀ. TorchSharp 0.107 takes the summand last, not first as its parameter names say.
    private static torch.Tensor MaskedScores(torch.Tensor queries, torch.Tensor keys, torch.Tensor mask, double scale) =>
        torch.baddbmm(queries, keys.transpose(1, 2), mask, beta: 1, alpha: (float)scale);

    // oneDNN loses several times as long with a part of a tensor as its copy takes.
    private static torch.Tensor Stack(torch.Tensor heads) => heads.contiguous().reshape(heads.shape[0] * heads.shape[1], heads.shape[2], heads.shape[3]);

    // (batch, heads, queries, width) -> (batch, queries, heads · width)
    private static torch.Tensor Join(torch.Tensor heads) => heads.transpose(1, 2).reshape(heads.shape[0], heads.shape[2], heads.shape[1] * heads.shape[3]);
}

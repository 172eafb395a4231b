using Kpod.Native;
using TorchSharp;

namespace Kpod.Models;

/// <summary>Attention with shared key and value heads, computed in the way that was measured to be the fastest for its type.</summary>
internal static class Attention
{
    /// <summary>softmax(scale · q kᵀ + mask) v; key and value heads are shared, never copied.</summary>
    /// <param name="query">(batch, heads, queries, head width).</param>
    /// <param name="key">(batch, key-value heads, keys, head width).</param>
    /// <param name="value">(batch, key-value heads, keys, head width).</param>
    /// <param name="mask">Additive, broadcastable to (batch, heads, queries, keys), of the query's type; no row may be -∞ throughout. Null for none.</param>
    /// <param name="causal">Whether a query sees only the keys up to its own position; then there are as many queries as keys and no mask.</param>
    /// <param name="scale">What the products are multiplied by.</param>
    /// <returns>(batch, queries, heads · head width).</returns>
    public static torch.Tensor Attend(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor? mask, bool causal, double scale)
    {
        // The fused kernel gives a mask no gradient.
        var attended = query.dtype == torch.ScalarType.Float32 && mask is not { requires_grad: true }
            ? AtenOperator.Attention(query, key, value, mask, causal, scale)
            : Plain(query, key, value, mask, causal, scale);
        var (batch, heads, queries, width) = (attended.shape[0], attended.shape[1], attended.shape[2], attended.shape[3]);
        return attended.transpose(1, 2).reshape(batch, queries, heads * width);
    }

    private static torch.Tensor Plain(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor? mask, bool causal, double scale)
    {
        var (batch, heads, queries, width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var (sharedHeads, keys) = (key.shape[1], key.shape[2]);
        var group = heads / sharedHeads;

        // The query heads that share a key head are stacked as further rows of one product: (batch · shared heads, group · queries, width).
        var stacked = (scale == 1 ? query : query.mul(scale)).reshape(batch * sharedHeads, group * queries, width);
        var scores = torch.bmm(stacked, key.reshape(batch * sharedHeads, keys, width).transpose(1, 2));
        if (causal && queries > 1)
        {
            mask = Causal(queries, keys, query);
        }

        scores = scores.view(batch, heads, queries, keys);
        var weights = (mask is null ? scores : scores.add(mask)).softmax(-1, dtype: torch.ScalarType.Float32).to(value.dtype);
        return torch.bmm(weights.view(batch * sharedHeads, group * queries, keys), value.reshape(batch * sharedHeads, keys, width))
            .view(batch, heads, queries, width);
    }

    /// <summary>The additive mask of a causal model whose last query is the last key.</summary>
    /// <param name="queries">Number of queries.</param>
    /// <param name="keys">Number of keys, at least as many.</param>
    /// <param name="like">Gives type and device.</param>
    /// <returns>(queries, keys): 0 up to the query's own position, -∞ behind it.</returns>
    public static torch.Tensor Causal(long queries, long keys, torch.Tensor like) =>
        torch.full(queries, keys, float.NegativeInfinity, dtype: like.dtype, device: like.device).triu(keys - queries + 1);
}

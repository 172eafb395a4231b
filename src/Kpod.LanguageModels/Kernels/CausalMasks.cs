using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>A causal text cut into blocks of queries, each with its mask; made once for all layers of a forward pass.</summary>
internal sealed class CausalMasks
{
    /// <summary>Queries of a block on the CPU. Measured: 32 and 128 are slower at 256 tokens.</summary>
    public const long BlockLength = 64;

    /// <summary>Cuts a text.</summary>
    /// <param name="tokens">Its length.</param>
    /// <param name="group">Query heads that share a key head.</param>
    /// <param name="like">Gives type and device.</param>
    public CausalMasks(long tokens, long group, torch.Tensor like)
    {
        // A graphics processor is better served by one large product than by several small ones.
        var length = like.device_type == DeviceType.CPU ? BlockLength : tokens;
        for (var start = 0L; start < tokens; start += length)
        {
            var end = Math.Min(start + length, tokens);
            Blocks.Add((start, end, Attention.Causal(end - start, end, like).repeat(group, 1).unsqueeze(0)));
        }
    }

    private CausalMasks(List<(long Start, long End, torch.Tensor Mask)> blocks) => Blocks = blocks;

    /// <summary>First query of each block, one past its last, and its mask (1, group · queries, end).</summary>
    public List<(long Start, long End, torch.Tensor Mask)> Blocks { get; } = [];

    /// <summary>The same cut with other handles of the masks.</summary>
    /// <param name="masks">One for each block.</param>
    /// <returns>The masks.</returns>
    public CausalMasks With(IReadOnlyList<torch.Tensor> masks) => new([.. Blocks.Select((block, index) => (block.Start, block.End, masks[index]))]);
}

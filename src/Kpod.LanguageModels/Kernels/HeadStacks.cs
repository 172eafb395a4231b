using System.Numerics;
using System.Runtime.CompilerServices;
using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>
/// Brings the heads of texts into stacks for batched products, and back, turning them by their positions on the way: the heads that share a key head are further
/// rows of one product. A text may be cut into blocks of tokens, each with a stack of its own.
/// </summary>
/// <param name="batch">Texts.</param>
/// <param name="tokens">Length of each.</param>
/// <param name="heads">Heads.</param>
/// <param name="stacks">Stacks of a text: heads by which they are shared.</param>
/// <param name="width">Head width.</param>
internal sealed unsafe class HeadStacks(long batch, long tokens, long heads, long stacks, long width)
{
    private readonly int _room = TensorRows.Room((int)width);

    /// <summary>Heads that are stacked.</summary>
    public long Group => heads / stacks;

    /// <summary>Stacks the heads of a block of tokens.</summary>
    /// <param name="given">(batch, tokens, heads, width), contiguous.</param>
    /// <param name="from">First token.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="rotation">What they are turned by; null for nothing.</param>
    /// <returns>(batch · stacks, group · tokens of the block, width).</returns>
    public torch.Tensor Stack(torch.Tensor given, long from, long to, RotaryRows? rotation)
    {
        var stacked = torch.empty(batch * stacks, Group * (to - from), width, dtype: given.dtype);
        var (source, target) = (new TensorRows(given), new Piece(stacked, from, to));
        ThreadTeam.Divide(batch * (to - from), LeastTokens, (first, last) => Stack(source, target, rotation, first, last));
        return stacked;
    }

    /// <summary>Undoes <see cref="Stack(torch.Tensor, long, long, RotaryRows?)"/>. A token that stands in several stacks gets their sum.</summary>
    /// <param name="stacked">(batch · stacks, group · tokens of the block, width) and the tokens of each.</param>
    /// <param name="rotation">What the sum is turned by; null for nothing.</param>
    /// <returns>(batch, tokens, heads, width).</returns>
    public torch.Tensor Unstack(IEnumerable<(torch.Tensor Stack, long From, long To)> stacked, RotaryRows? rotation)
    {
        var pieces = stacked.Select(piece => new Piece(piece.Stack, piece.From, piece.To)).ToArray();
        var result = torch.empty(batch, tokens, heads, width, dtype: pieces[0].Type);
        var target = new TensorRows(result);
        ThreadTeam.Divide(batch * tokens, LeastTokens, (first, last) => Unstack(pieces, target, rotation, first, last));
        return result;
    }

    private long LeastTokens => 1 + ((1 << 14) / (heads * width));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Stack(TensorRows source, Piece target, RotaryRows? rotation, long first, long last)
    {
        using var memory = new RowMemory(4 * _room);
        var row = memory.Start;
        var (count, length) = ((int)width, target.To - target.From);
        for (var place = first; place < last; place++)
        {
            var (text, token) = (place / length, target.From + (place % length));
            rotation?.ReadAngles(text, token, row + _room);
            for (var head = 0L; head < heads; head++)
            {
                source.Read(((((text * tokens) + token) * heads) + head) * width, count, row);
                rotation?.Turn(row, row + _room);
                target.Rows.Write(row, count, Place(target, text, head, token));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unstack(Piece[] pieces, TensorRows target, RotaryRows? rotation, long first, long last)
    {
        using var memory = new RowMemory(5 * _room);
        var sum = memory.Start;
        var row = sum + (4 * _room);
        for (var place = first; place < last; place++)
        {
            var (text, token) = (place / tokens, place % tokens);
            rotation?.ReadAngles(text, token, sum + _room);
            for (var head = 0L; head < heads; head++)
            {
                new Span<float>(sum, _room).Clear();
                foreach (var piece in pieces)
                {
                    if (piece.From <= token && token < piece.To)
                    {
                        piece.Rows.Read(Place(piece, text, head, token), (int)width, row);
                        Add(row, sum);
                    }
                }

                rotation?.Turn(sum, sum + _room);
                target.Write(sum, (int)width, ((place * heads) + head) * width);
            }
        }
    }

    private long Place(Piece piece, long text, long head, long token) =>
        (((((text * heads) + head) * (piece.To - piece.From)) + token) - piece.From) * width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(float* row, float* sum)
    {
        for (var index = 0; index < _room; index += TensorRows.Lanes)
        {
            (Vector.Load(sum + index) + Vector.Load(row + index)).Store(sum + index);
        }
    }

    private readonly struct Piece(torch.Tensor stack, long from, long to)
    {
        public TensorRows Rows { get; } = new(stack);

        public torch.ScalarType Type { get; } = stack.dtype;

        public long From { get; } = from;

        public long To { get; } = to;
    }
}

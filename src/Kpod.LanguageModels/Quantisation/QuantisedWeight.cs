using System.Runtime.InteropServices;
using Kpod.LanguageModels.Kernels;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.Quantisation;

/// <summary>
/// A frozen matrix that stays in the blocks of its quantised type and is decoded whenever a product needs it, in the forward and again in the backward
/// pass; of all such matrices of a model one at a time exists as numbers. Every product is that of the decoded matrix, to the bit.
/// </summary>
internal sealed class QuantisedWeight : IDisposable
{
    // Decoded at a time: small enough for the innermost cache, a whole number of blocks of any type.
    private const int PieceElements = 1 << 12;
    private const int RangesPerThread = 8;

    private readonly torch.Tensor _blocks;
    private readonly BlockDecoder _decode;
    private readonly DecodingRoom _room;
    private readonly torch.ScalarType _rounded;
    private readonly int _pieceBytes;

    /// <summary>Takes a matrix.</summary>
    /// <param name="blocks">(rows, bytes of a row), 8-bit, in main memory; owned from now on.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="decode">Turns whole blocks to numbers.</param>
    /// <param name="room">Where it is decoded for products; shared by the matrices of a model, with whom it is disposed of.</param>
    /// <param name="type">float32 or bfloat16: what the decoded numbers are rounded to.</param>
    /// <param name="device">Where the products are computed.</param>
    public QuantisedWeight(torch.Tensor blocks, long columns, BlockDecoder decode, DecodingRoom room, torch.ScalarType type, torch.Device device)
        : this(blocks, columns, decode, room, rounded: type, type, device)
    {
    }

    private QuantisedWeight(torch.Tensor blocks, long columns, BlockDecoder decode, DecodingRoom room, torch.ScalarType rounded, torch.ScalarType type, torch.Device device)
    {
        (_blocks, _decode, _room, _rounded) = (blocks, decode, room, rounded);
        (Rows, Columns, Type, Device) = (blocks.shape[0], columns, type, device);
        _pieceBytes = checked((int)(PieceElements * blocks.shape[1] / columns));
    }

    /// <summary>Rows of the matrix: outputs of its map.</summary>
    public long Rows { get; }

    /// <summary>Columns of the matrix: inputs of its map.</summary>
    public long Columns { get; }

    /// <summary>Type of the decoded matrix.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>Where the products are computed.</summary>
    public torch.Device Device { get; }

    /// <summary>The same matrix, rounded as before, for products in float32.</summary>
    /// <returns>A matrix that takes over the blocks of this one.</returns>
    public QuantisedWeight InFloat32() => new(_blocks, Columns, _decode, _room, _rounded, torch.ScalarType.Float32, Device);

    /// <summary>x Wᵀ + b. No gradient flows into W and b.</summary>
    /// <param name="x">(…, columns).</param>
    /// <param name="bias">(rows) or null.</param>
    /// <returns>(…, rows).</returns>
    public torch.Tensor Apply(torch.Tensor x, torch.Tensor? bias) =>
        torch.is_grad_enabled() && x.requires_grad ? Product.apply(x, this, bias!) : _room.With(this, weight => functional.linear(x, weight, bias));

    /// <summary>Computes something with the decoded matrix, without gradients.</summary>
    /// <param name="use">Is given (rows, columns), which means nothing any more when it returns; what it gives must not share its memory.</param>
    /// <returns>What <paramref name="use"/> gave.</returns>
    public torch.Tensor With(Func<torch.Tensor, torch.Tensor> use) => _room.With(this, use);

    /// <summary>Decodes the matrix into memory of its own.</summary>
    /// <returns>(rows, columns); it belongs to the current dispose scope, if any.</returns>
    public torch.Tensor Decode()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.empty(Rows, Columns, dtype: Type);
        DecodeTo(values);
        return values.to(Device).MoveToOuterDisposeScope();
    }

    /// <summary>Decodes the matrix, with the threads that libtorch has.</summary>
    /// <param name="values">(rows, columns) of <see cref="Type"/>, contiguous and in main memory; filled.</param>
    public void DecodeTo(torch.Tensor values)
    {
        var pieces = (int)(((Rows * Columns) + PieceElements - 1) / PieceElements);
        var threads = Math.Min(torch.get_num_threads(), pieces);
        if (threads == 1)
        {
            DecodePieces(values, 0, pieces);
            return;
        }

        // Several ranges a thread: one that another program holds up does not hold up the rest.
        var ranges = Math.Min(pieces, RangesPerThread * threads);
        Parallel.For(0, ranges, new ParallelOptions { MaxDegreeOfParallelism = threads }, range =>
            DecodePieces(values, (int)((long)pieces * range / ranges), (int)((long)pieces * (range + 1) / ranges)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks.Dispose();
        _room.Dispose();
    }

    private void DecodePieces(torch.Tensor values, int first, int end)
    {
        var blocks = _blocks.bytes[(first * _pieceBytes)..];
        var target = values.bytes[(first * PieceElements * (int)values.ElementSize)..];
        Span<float> decoded = stackalloc float[PieceElements];
        for (var piece = first; piece < end; piece++)
        {
            var source = blocks[..Math.Min(_pieceBytes, blocks.Length)];
            var length = (int)Math.Min(PieceElements * values.ElementSize, target.Length);
            if (Type == torch.ScalarType.Float32)
            {
                var numbers = MemoryMarshal.Cast<byte, float>(target[..length]);
                _decode(source, numbers);
                if (_rounded == torch.ScalarType.BFloat16)
                {
                    BfloatRounding.Round(numbers);
                }
            }
            else
            {
                var bits = MemoryMarshal.Cast<byte, ushort>(target[..length]);
                _decode(source, decoded[..bits.Length]);
                BfloatRounding.Round(decoded[..bits.Length], bits);
            }

            blocks = blocks[source.Length..];
            target = target[length..];
        }
    }

    private sealed class Product : torch.autograd.SingleTensorFunction<Product>
    {
        public override string Name => nameof(QuantisedWeight);

        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, quantised, bias) = ((torch.Tensor)vars[0], (QuantisedWeight)vars[1], (torch.Tensor?)vars[2]);
            ctx.save_data("weight", quantised);
            return quantised._room.With(quantised, weight => functional.linear(x, weight, bias));
        }

        public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
        {
            using var scope = torch.NewDisposeScope();
            var quantised = (QuantisedWeight)ctx.get_data("weight");
            var rows = grad_output.reshape(-1, quantised.Rows);
            var gradient = quantised._room.With(quantised, rows.mm);
            return BackwardResult.Of(grad_output, gradient.view([.. grad_output.shape[..^1], quantised.Columns]), null, null);
        }
    }
}

using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.Models;

/// <summary>
/// A frozen matrix that stays in the blocks of its quantised type and is decoded whenever a product needs it, in the forward and again in the backward
/// pass; of all such matrices one at a time exists as numbers. Every product is that of the decoded matrix, to the bit.
/// </summary>
internal sealed class QuantisedWeight : IDisposable
{
    // Decoded at a time: small enough for the innermost cache, a whole number of blocks of any type.
    private const int PieceElements = 1 << 12;
    private const int RangesPerThread = 8;

    private readonly torch.Tensor _blocks;
    private readonly BlockDecoder _decode;
    private readonly int _pieceBytes;
    private readonly torch.ScalarType _rounded;
    private readonly torch.Device _device;

    /// <summary>Takes a matrix.</summary>
    /// <param name="blocks">(rows, bytes of a row), 8-bit, in main memory; owned from now on.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="decode">Turns whole blocks to numbers.</param>
    /// <param name="type">float32 or bfloat16: what the decoded numbers are rounded to.</param>
    /// <param name="device">Where the products are computed.</param>
    public QuantisedWeight(torch.Tensor blocks, long columns, BlockDecoder decode, torch.ScalarType type, torch.Device device)
        : this(blocks, columns, decode, rounded: type, type, device)
    {
    }

    private QuantisedWeight(torch.Tensor blocks, long columns, BlockDecoder decode, torch.ScalarType rounded, torch.ScalarType type, torch.Device device)
    {
        (_blocks, _decode, _rounded, Type, _device) = (blocks, decode, rounded, type, device);
        (Rows, Columns) = (blocks.shape[0], columns);
        _pieceBytes = checked((int)(PieceElements * blocks.shape[1] / columns));
    }

    /// <summary>Rows of the matrix: outputs of its map.</summary>
    public long Rows { get; }

    /// <summary>Columns of the matrix: inputs of its map.</summary>
    public long Columns { get; }

    /// <summary>Type of the decoded matrix.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>The same matrix, rounded as before, for products in float32.</summary>
    /// <returns>A matrix that takes over the blocks of this one.</returns>
    public QuantisedWeight InFloat32() => new(_blocks, Columns, _decode, _rounded, torch.ScalarType.Float32, _device);

    /// <summary>x Wᵀ + b. No gradient flows into W and b.</summary>
    /// <param name="x">(…, columns).</param>
    /// <param name="bias">(rows) or null.</param>
    /// <returns>(…, rows).</returns>
    public torch.Tensor Apply(torch.Tensor x, torch.Tensor? bias)
    {
        if (torch.is_grad_enabled() && x.requires_grad)
        {
            return Product.apply(x, this, bias!);
        }

        using var scope = torch.NewDisposeScope();
        return functional.linear(x, Decode(), bias).MoveToOuterDisposeScope();
    }

    /// <summary>Decodes the matrix, with the threads that libtorch has.</summary>
    /// <returns>(rows, columns); it belongs to the current dispose scope, if any.</returns>
    public torch.Tensor Decode()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.empty(Rows, Columns, dtype: _rounded);
        var pieces = (int)((values.numel() + PieceElements - 1) / PieceElements);
        var threads = Math.Min(torch.get_num_threads(), pieces);
        if (threads == 1)
        {
            Decode(values, 0, pieces);
        }
        else
        {
            // Several ranges a thread: one that another program holds up does not hold up the rest.
            var ranges = Math.Min(pieces, RangesPerThread * threads);
            Parallel.For(0, ranges, new ParallelOptions { MaxDegreeOfParallelism = threads }, range =>
                Decode(values, (int)((long)pieces * range / ranges), (int)((long)pieces * (range + 1) / ranges)));
        }

        return values.to(Type, _device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _blocks.Dispose();

    private void Decode(torch.Tensor values, int firstPiece, int endPiece)
    {
        var blocks = _blocks.bytes[(firstPiece * _pieceBytes)..];
        var target = values.bytes[(firstPiece * PieceElements * (int)values.ElementSize)..];
        Span<float> decoded = stackalloc float[PieceElements];
        for (var piece = firstPiece; piece < endPiece; piece++)
        {
            var source = blocks[..Math.Min(_pieceBytes, blocks.Length)];
            var length = (int)Math.Min(PieceElements * values.ElementSize, target.Length);
            if (_rounded == torch.ScalarType.Float32)
            {
                _decode(source, MemoryMarshal.Cast<byte, float>(target[..length]));
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
            using var scope = torch.NewDisposeScope();
            var (x, weight, bias) = ((torch.Tensor)vars[0], (QuantisedWeight)vars[1], (torch.Tensor?)vars[2]);
            ctx.save_data("weight", weight);
            return functional.linear(x, weight.Decode(), bias).MoveToOuterDisposeScope();
        }

        public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
        {
            using var scope = torch.NewDisposeScope();
            var weight = (QuantisedWeight)ctx.get_data("weight");
            var gradient = grad_output.reshape(-1, weight.Rows).mm(weight.Decode());
            return [gradient.view([.. grad_output.shape[..^1], weight.Columns]).MoveToOuterDisposeScope(), null!, null!];
        }
    }
}

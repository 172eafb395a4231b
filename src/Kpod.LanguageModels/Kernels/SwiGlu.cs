using System.Numerics;
using System.Runtime.CompilerServices;
using Kpod.LanguageModels.Native;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.LanguageModels.Kernels;

/// <summary>
/// The gate of LLaMA's feed-forward (Shazeer, 2020): y = silu(gate) · up with silu(x) = x σ(x). On the CPU each direction is one pass and only the two inputs are kept;
/// libtorch takes two passes forward and three backward and keeps silu(gate), too.
/// </summary>
internal sealed unsafe class SwiGlu : torch.autograd.SingleTensorFunction<SwiGlu>
{
    private const int ChunkLength = 1024; // numbers; those of all operands lie in the innermost cache
    private const long LeastChunks = 16;

    /// <inheritdoc/>
    public override string Name => nameof(SwiGlu);

    /// <summary>Applies it.</summary>
    /// <param name="gate">Any shape.</param>
    /// <param name="up">The same shape and type.</param>
    /// <returns>The same shape and type.</returns>
    public static torch.Tensor Apply(torch.Tensor gate, torch.Tensor up)
    {
        if (!TensorRows.Serve(gate) || !TensorRows.Serve(up) || !gate.shape.SequenceEqual(up.shape))
        {
            return functional.silu(gate).mul(up);
        }

        return torch.is_grad_enabled() && (gate.requires_grad || up.requires_grad) ? apply(gate, up) : Multiply(gate, up);
    }

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        var (gate, up) = ((torch.Tensor)vars[0], (torch.Tensor)vars[1]);
        ctx.save_for_backward([gate, up]);
        return Multiply(gate, up);
    }

    /// <inheritdoc/>
    public override List<torch.Tensor> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output)
    {
        using var scope = torch.NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (gateGradient, upGradient) = (torch.empty(grad_output.shape, dtype: grad_output.dtype), torch.empty(grad_output.shape, dtype: grad_output.dtype));
        var (gate, up, given) = (new TensorRows(saved[0].contiguous()), new TensorRows(saved[1].contiguous()), new TensorRows(grad_output.contiguous()));
        var (ofGate, ofUp, count) = (new TensorRows(gateGradient), new TensorRows(upGradient), grad_output.numel());
        ThreadTeam.Divide(Chunks(count), LeastChunks, (from, to) => Differentiate(gate, up, given, ofGate, ofUp, from * ChunkLength, Math.Min(count, to * ChunkLength)));
        return BackwardResult.Of(grad_output, gateGradient, upGradient);
    }

    private static torch.Tensor Multiply(torch.Tensor gate, torch.Tensor up)
    {
        using var scope = torch.NewDisposeScope();
        var result = torch.empty(gate.shape, dtype: gate.dtype);
        var (left, right, target, count) = (new TensorRows(gate.contiguous()), new TensorRows(up.contiguous()), new TensorRows(result), gate.numel());
        ThreadTeam.Divide(Chunks(count), LeastChunks, (from, to) => Multiply(left, right, target, from * ChunkLength, Math.Min(count, to * ChunkLength)));
        return result.MoveToOuterDisposeScope();
    }

    private static long Chunks(long count) => (count + ChunkLength - 1) / ChunkLength;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(TensorRows gate, TensorRows up, TensorRows target, long from, long to)
    {
        using var memory = new RowMemory(2 * ChunkLength);
        var g = memory.Start;
        var u = g + ChunkLength;
        for (; from < to; from += ChunkLength)
        {
            var count = (int)Math.Min(ChunkLength, to - from);
            gate.Read(from, count, g);
            up.Read(from, count, u);
            for (var index = 0; index < count; index += TensorRows.Lanes)
            {
                var x = Vector.Load(g + index);
                (x * Sigmoid(x) * Vector.Load(u + index)).Store(u + index);
            }

            target.Write(u, count, from);
        }
    }

    // With g the gradient of y: du = g silu(x), dx = g u σ(x) (1 + x (1 - σ(x))).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(TensorRows gate, TensorRows up, TensorRows given, TensorRows ofGate, TensorRows ofUp, long from, long to)
    {
        using var memory = new RowMemory(3 * ChunkLength);
        var g = memory.Start;
        var u = g + ChunkLength;
        var d = u + ChunkLength;
        for (; from < to; from += ChunkLength)
        {
            var count = (int)Math.Min(ChunkLength, to - from);
            gate.Read(from, count, g);
            up.Read(from, count, u);
            given.Read(from, count, d);
            for (var index = 0; index < count; index += TensorRows.Lanes)
            {
                var (x, gradient) = (Vector.Load(g + index), Vector.Load(d + index));
                var sigmoid = Sigmoid(x);
                var silu = x * sigmoid;
                (gradient * Vector.Load(u + index) * Vector.MultiplyAddEstimate(silu, Vector<float>.One - sigmoid, sigmoid)).Store(g + index);
                (gradient * silu).Store(u + index);
            }

            ofGate.Write(g, count, from);
            ofUp.Write(u, count, from);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + VectorFunctions.Exponential(-x));
}

using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>The numbers of a tensor in main memory, float32 or bfloat16, for kernels of our own, which compute in float32 and round once.</summary>
internal readonly unsafe struct TensorRows
{
    /// <summary>Numbers in a vector. A kernel's room for n of them is <see cref="Room"/> long, so that it need not treat the last ones apart.</summary>
    public static int Lanes => Vector<float>.Count;

    private readonly byte* _start;
    private readonly bool _isBfloat;

    /// <summary>Takes a tensor.</summary>
    /// <param name="tensor">One that is served; kept alive by the caller.</param>
    public TensorRows(torch.Tensor tensor)
    {
        fixed (byte* start = tensor.bytes)
        {
            _start = start; // native memory, which no collection moves
        }

        _isBfloat = tensor.dtype == torch.ScalarType.BFloat16;
    }

    /// <summary>Whether such tensors can be read and written here; they must be contiguous, too.</summary>
    /// <param name="tensor">Any.</param>
    /// <returns>True in main memory, for float32 and bfloat16.</returns>
    public static bool Serve(torch.Tensor tensor) => tensor.device_type == DeviceType.CPU
        && tensor.dtype is torch.ScalarType.Float32 or torch.ScalarType.BFloat16 && tensor.numel() <= int.MaxValue / sizeof(float);

    /// <summary>Rounds up to whole vectors.</summary>
    /// <param name="count">Numbers.</param>
    /// <returns>As many or a few more.</returns>
    public static int Room(int count) => (count + Lanes - 1) / Lanes * Lanes;

    /// <summary>Reads.</summary>
    /// <param name="from">Place of the first number.</param>
    /// <param name="count">How many.</param>
    /// <param name="values">Room for them; filled up with zeros.</param>
    public void Read(long from, int count, float* values)
    {
        var room = Room(count);
        new Span<float>(values + count, room - count).Clear();
        if (_isBfloat)
        {
            Widen((ushort*)_start + from, count, values);
        }
        else
        {
            new ReadOnlySpan<float>((float*)_start + from, count).CopyTo(new Span<float>(values, count));
        }
    }

    /// <summary>Writes.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="count">How many.</param>
    /// <param name="from">Place of the first number.</param>
    public void Write(float* values, int count, long from)
    {
        var numbers = new ReadOnlySpan<float>(values, count);
        if (_isBfloat)
        {
            BfloatRounding.Round(numbers, new Span<ushort>((ushort*)_start + from, count));
        }
        else
        {
            numbers.CopyTo(new Span<float>((float*)_start + from, count));
        }
    }

    /// <summary>Writes zeros.</summary>
    /// <param name="from">Place of the first.</param>
    /// <param name="count">How many.</param>
    public void Clear(long from, int count)
    {
        var size = _isBfloat ? sizeof(ushort) : sizeof(float);
        new Span<byte>(_start + (from * size), count * size).Clear();
    }

    // A bfloat16 number is the upper half of a float32 one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ushort* source, int count, float* values)
    {
        var index = 0;
        for (; index <= count - Vector<ushort>.Count; index += Vector<ushort>.Count)
        {
            Vector.Widen(Vector.Load(source + index), out var lower, out var upper);
            (lower << 16).Store((uint*)values + index);
            (upper << 16).Store((uint*)values + index + Lanes);
        }

        for (; index < count; index++)
        {
            values[index] = BitConverter.UInt32BitsToSingle((uint)source[index] << 16);
        }
    }

    /// <summary>A weight as numbers.</summary>
    /// <param name="weight">Any tensor.</param>
    /// <returns>A copy in float32.</returns>
    public static float[] Numbers(torch.Tensor weight)
    {
        using var scope = torch.NewDisposeScope();
        return weight.to(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kpod.LanguageModels.Kernels;

/// <summary>Rounds float32 to bfloat16 as libtorch does: to the nearest, halves to even.</summary>
internal static class BfloatRounding
{
    private const uint BelowHalf = 0x7FFF;
    private const uint NotANumber = 0x7FC0;

    /// <summary>Rounds numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="rounded">The bits of as many bfloat16 numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(ReadOnlySpan<float> values, Span<ushort> rounded)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var results = MemoryMarshal.Cast<ushort, Vector<ushort>>(rounded[..values.Length]);
        for (var pair = 0; pair < results.Length; pair++)
        {
            results[pair] = Vector.Narrow(Rounded(vectors[2 * pair]), Rounded(vectors[(2 * pair) + 1]));
        }

        for (var index = results.Length * Vector<ushort>.Count; index < values.Length; index++)
        {
            rounded[index] = (ushort)Rounded(values[index]);
        }
    }

    /// <summary>Rounds numbers where they are.</summary>
    /// <param name="values">The numbers; float32 numbers that bfloat16 can hold afterwards.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(Span<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (var index = 0; index < vectors.Length; index++)
        {
            vectors[index] = Vector.AsVectorSingle(Rounded(vectors[index]) << 16);
        }

        for (var index = vectors.Length * Vector<float>.Count; index < values.Length; index++)
        {
            values[index] = BitConverter.UInt32BitsToSingle(Rounded(values[index]) << 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Rounded(Vector<float> values)
    {
        var bits = Vector.AsVectorUInt32(values);
        var toEven = (bits >>> 16) & Vector<uint>.One;
        var shifted = (bits + (toEven + Vector.Create(BelowHalf))) >>> 16;
        return Vector.ConditionalSelect(Vector.AsVectorUInt32(Vector.Equals(values, values)), shifted, Vector.Create(NotANumber));
    }

    private static uint Rounded(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? NotANumber : (bits + ((bits >>> 16) & 1) + BelowHalf) >>> 16;
    }
}

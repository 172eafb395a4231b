using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kpod.Models;

/// <summary>Rounds float32 to bfloat16 as libtorch does: to the nearest, halves to even.</summary>
internal static class BfloatRounding
{
    private const uint BelowHalf = 0x7FFF;
    private const uint NotANumber = 0x7FC0;

    /// <summary>Rounds numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="rounded">The bits of as many bfloat16 numbers.</param>
    public static void Round(ReadOnlySpan<float> values, Span<ushort> rounded)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        for (var pair = 0; pair < vectors.Length / 2; pair++)
        {
            Vector512.Narrow(Rounded(vectors[2 * pair]), Rounded(vectors[(2 * pair) + 1])).CopyTo(rounded[(32 * pair)..]);
        }

        for (var index = values.Length / 32 * 32; index < values.Length; index++)
        {
            rounded[index] = (ushort)Rounded(Vector512.Create(values[index]))[0];
        }
    }

    /// <summary>Rounds numbers where they are.</summary>
    /// <param name="values">The numbers; float32 numbers that bfloat16 can hold afterwards.</param>
    public static void Round(Span<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(values);
        for (var index = 0; index < vectors.Length; index++)
        {
            vectors[index] = (Rounded(vectors[index]) << 16).AsSingle();
        }

        for (var index = values.Length / Vector512<float>.Count * Vector512<float>.Count; index < values.Length; index++)
        {
            values[index] = (Rounded(Vector512.Create(values[index])) << 16).AsSingle()[0];
        }
    }

    private static Vector512<uint> Rounded(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        var toEven = (bits >>> 16) & Vector512<uint>.One;
        var shifted = (bits + (toEven + Vector512.Create(BelowHalf))) >>> 16;
        return Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), shifted, Vector512.Create(NotANumber));
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kpod.LanguageModels.Quantisation;

/// <summary>
/// Decodes the block types of GGUF, 32 elements a block (layouts as in ggml's <c>ggml-common.h</c>). All arithmetic is float32, one rounded
/// operation after the other and never fused, so that the values are those of the reference to the last bit.
/// </summary>
internal static class QuantisedBlocks
{
    private const int Elements = 32;

    /// <summary>d · (q - 8).</summary>
    /// <param name="blocks">Scale (half), 16 bytes of low and high nibbles.</param>
    /// <param name="values">32 for each block.</param>
    public static void DecodeQ4_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[18..], values = values[Elements..])
        {
            var packed = Vector128.Create(blocks[2..18]);
            var scale = Half(blocks);
            Scale(LowNibbles(packed) - Vector128.Create((sbyte)8), scale, values);
            Scale(HighNibbles(packed) - Vector128.Create((sbyte)8), scale, values[16..]);
        }
    }

    /// <summary>d · q + m.</summary>
    /// <param name="blocks">Scale and minimum (halves), 16 bytes of nibbles.</param>
    /// <param name="values">32 for each block.</param>
    public static void DecodeQ4_1(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[20..], values = values[Elements..])
        {
            var packed = Vector128.Create(blocks[4..20]);
            var (scale, shift) = (Half(blocks), Half(blocks[2..]));
            ScaleAndShift(LowNibbles(packed), scale, shift, values);
            ScaleAndShift(HighNibbles(packed), scale, shift, values[16..]);
        }
    }

    /// <summary>d · (q - 16), q of five bits.</summary>
    /// <param name="blocks">Scale (half), the fifth bits (32 of them), 16 bytes of nibbles.</param>
    /// <param name="values">32 for each block.</param>
    public static void DecodeQ5_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[22..], values = values[Elements..])
        {
            var packed = Vector128.Create(blocks[6..22]);
            var scale = Half(blocks);
            Scale((LowNibbles(packed) | FifthBits(blocks[2..])) - Vector128.Create((sbyte)16), scale, values);
            Scale((HighNibbles(packed) | FifthBits(blocks[4..])) - Vector128.Create((sbyte)16), scale, values[16..]);
        }
    }

    /// <summary>d · q + m, q of five bits.</summary>
    /// <param name="blocks">Scale and minimum (halves), the fifth bits (32 of them), 16 bytes of nibbles.</param>
    /// <param name="values">32 for each block.</param>
    public static void DecodeQ5_1(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[24..], values = values[Elements..])
        {
            var packed = Vector128.Create(blocks[8..24]);
            var (scale, shift) = (Half(blocks), Half(blocks[2..]));
            ScaleAndShift(LowNibbles(packed) | FifthBits(blocks[4..]), scale, shift, values);
            ScaleAndShift(HighNibbles(packed) | FifthBits(blocks[6..]), scale, shift, values[16..]);
        }
    }

    /// <summary>d · q.</summary>
    /// <param name="blocks">Scale (half), 32 signed bytes.</param>
    /// <param name="values">32 for each block.</param>
    public static void DecodeQ8_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[34..], values = values[Elements..])
        {
            var scale = Half(blocks);
            Scale(Vector128.Create(blocks[2..18]).AsSByte(), scale, values);
            Scale(Vector128.Create(blocks[18..34]).AsSByte(), scale, values[16..]);
        }
    }

    /// <summary>A half-precision number, widened.</summary>
    /// <param name="bytes">Begin with it.</param>
    /// <returns>Its value, exactly.</returns>
    public static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    /// <summary>The lower four bits of each byte.</summary>
    /// <param name="packed">16 bytes.</param>
    /// <returns>16 numbers from 0 to 15.</returns>
    public static Vector128<sbyte> LowNibbles(Vector128<byte> packed) => (packed & Vector128.Create((byte)15)).AsSByte();

    /// <summary>The upper four bits of each byte.</summary>
    /// <param name="packed">16 bytes.</param>
    /// <returns>16 numbers from 0 to 15.</returns>
    public static Vector128<sbyte> HighNibbles(Vector128<byte> packed) => (packed >>> 4).AsSByte();

    /// <summary>scale · q.</summary>
    /// <param name="q">16 whole numbers.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="values">The first 16 are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(Vector128<sbyte> q, float scale, Span<float> values)
    {
        var (first, second) = ToFloats(q);
        var factor = Vector256.Create(scale);
        (factor * first).CopyTo(values);
        (factor * second).CopyTo(values[8..]);
    }

    /// <summary>scale · q + shift, rounded after the product and after the sum.</summary>
    /// <param name="q">16 whole numbers.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="shift">The summand.</param>
    /// <param name="values">The first 16 are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScaleAndShift(Vector128<sbyte> q, float scale, float shift, Span<float> values)
    {
        var (first, second) = ToFloats(q);
        var (factor, summand) = (Vector256.Create(scale), Vector256.Create(shift));
        ((factor * first) + summand).CopyTo(values);
        ((factor * second) + summand).CopyTo(values[8..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> First, Vector256<float> Second) ToFloats(Vector128<sbyte> q)
    {
        var wide = Vector256.WidenLower(q.ToVector256Unsafe());
        var (first, second) = Vector256.Widen(wide);
        return (Vector256.ConvertToSingle(first), Vector256.ConvertToSingle(second));
    }

    // Bit i of a 16-bit field becomes the fifth bit (16) of number i.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> FifthBits(ReadOnlySpan<byte> field)
    {
        var spread = Vector128.Create(Vector64.Create(field[0]), Vector64.Create(field[1]));
        var bit = Vector128.Create(Vector64.Create((byte)1, 2, 4, 8, 16, 32, 64, 128), Vector64.Create((byte)1, 2, 4, 8, 16, 32, 64, 128));
        return (Vector128.Equals(spread & bit, bit) & Vector128.Create((byte)16)).AsSByte();
    }
}

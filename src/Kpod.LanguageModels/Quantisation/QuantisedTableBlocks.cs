using System.Buffers.Binary;

namespace Kpod.LanguageModels.Quantisation;

/// <summary>Decodes the types of GGUF whose four bits name one of sixteen values (layouts as in ggml's <c>ggml-common.h</c>), with the reference's order of operations.</summary>
internal static class QuantisedTableBlocks
{
    private static ReadOnlySpan<sbyte> UnevenValues => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    // Twice the values of a float of one sign, two exponent and one mantissa bit.
    private static ReadOnlySpan<sbyte> FloatValues => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <summary>d · table[q].</summary>
    /// <param name="blocks">d (half), 16 bytes of low and high nibbles.</param>
    /// <param name="values">32 for each block.</param>
    public static void DecodeIQ4_NL(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= 32; blocks = blocks[18..], values = values[32..])
        {
            LookUp(blocks.Slice(2, 16), UnevenValues, QuantisedBlocks.Half(blocks), values);
        }
    }

    /// <summary>(d · (scale - 32)) · table[q], eight sub-blocks of 32.</summary>
    /// <param name="blocks">d (half), the upper two bits of each scale (16 bits), 4 bytes of their lower nibbles, 128 bytes of nibbles.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeIQ4_XS(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= 256; blocks = blocks[136..], values = values[256..])
        {
            var scale = QuantisedBlocks.Half(blocks);
            var high = BinaryPrimitives.ReadUInt16LittleEndian(blocks[2..]);
            for (var subBlock = 0; subBlock < 8; subBlock++)
            {
                var low = (blocks[4 + (subBlock / 2)] >> (4 * (subBlock % 2))) & 15;
                var factor = scale * ((low | (((high >> (2 * subBlock)) & 3) << 4)) - 32);
                LookUp(blocks.Slice(8 + (16 * subBlock), 16), UnevenValues, factor, values[(32 * subBlock)..]);
            }
        }
    }

    /// <summary>2^(e - 128) · table[q].</summary>
    /// <param name="blocks">e (a byte), 16 bytes of nibbles.</param>
    /// <param name="values">32 for each block.</param>
    public static void DecodeMXFP4(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= 32; blocks = blocks[17..], values = values[32..])
        {
            // Below the smallest normal float32 the bit pattern is that of a subnormal.
            var bits = blocks[0] < 2 ? 0x00200000u << blocks[0] : (uint)(blocks[0] - 1) << 23;
            LookUp(blocks.Slice(1, 16), FloatValues, BitConverter.UInt32BitsToSingle(bits), values);
        }
    }

    /// <summary>scale · table[q] / 2, four sub-blocks of 16.</summary>
    /// <param name="blocks">4 scales (four exponent and three mantissa bits), 32 bytes of nibbles.</param>
    /// <param name="values">64 for each block.</param>
    public static void DecodeNVFP4(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= 64; blocks = blocks[36..], values = values[64..])
        {
            for (var subBlock = 0; subBlock < 4; subBlock++)
            {
                LookUp(blocks.Slice(4 + (8 * subBlock), 8), FloatValues, SmallFloat(blocks[subBlock]) * 0.5f, values[(16 * subBlock)..]);
            }
        }
    }

    private static void LookUp(ReadOnlySpan<byte> packed, ReadOnlySpan<sbyte> table, float factor, Span<float> values)
    {
        for (var index = 0; index < packed.Length; index++)
        {
            values[index] = factor * table[packed[index] & 15];
            values[packed.Length + index] = factor * table[packed[index] >> 4];
        }
    }

    // 0x7F is the format's NaN; the reference reads it as 0.
    private static float SmallFloat(byte bits)
    {
        var (exponent, mantissa) = ((bits >> 3) & 15, bits & 7);
        return bits is 0 or 0x7F ? 0
            : exponent == 0 ? mantissa * MathF.ScaleB(1, -9)
            : MathF.ScaleB(1 + (mantissa / 8f), exponent - 7);
    }
}

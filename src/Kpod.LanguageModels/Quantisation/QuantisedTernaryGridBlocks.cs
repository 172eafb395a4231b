using System.Buffers.Binary;

namespace Kpod.LanguageModels.Quantisation;

/// <summary>
/// Decodes the IQ1 types of GGUF: blocks of 256 whose values are taken in groups of eight out of a table of -1, 0 and 1 and moved by an eighth (layouts as in ggml's <c>ggml-common.h</c>).
/// The order of the operations is the reference's, for equality to the last bit.
/// </summary>
internal static class QuantisedTernaryGridBlocks
{
    private const int Elements = 256;
    private const float Shift = 0.125f;

    /// <summary>(d · (2 · scale + 1)) · (group ± 1/8), eight sub-blocks of 32.</summary>
    /// <param name="blocks">d (half), the lower bytes of 32 groups, then 16 bits per sub-block: three upper bits for each group, the scale, the sign of the shift.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeIQ1_S(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[50..], values = values[Elements..])
        {
            for (var group = 0; group < 32; group++)
            {
                var high = BinaryPrimitives.ReadUInt16LittleEndian(blocks[(34 + (group / 4 * 2))..]);
                var factor = QuantisedBlocks.Half(blocks) * ((2 * ((high >> 12) & 7)) + 1);
                var index = blocks[2 + group] | (((high >> (3 * (group % 4))) & 7) << 8);
                Write(index, factor, high >= 0x8000, values[(8 * group)..]);
            }
        }
    }

    /// <summary>(d · (2 · scale + 1)) · (group ± 1/8), sixteen sub-blocks of 16.</summary>
    /// <param name="blocks">The lower bytes of 32 groups, a nibble for each with three upper bits and the sign of the shift, and four times 16 bits: four scales of three bits, four bits of d.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeIQ1_M(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[56..], values = values[Elements..])
        {
            var scale = SpreadHalf(blocks[48..]);
            for (var group = 0; group < 32; group++)
            {
                var high = (blocks[32 + (group / 2)] >> (4 * (group % 2))) & 15;
                var scales = BinaryPrimitives.ReadUInt16LittleEndian(blocks[(48 + (group / 8 * 2))..]);
                var factor = scale * ((2 * ((scales >> (group % 8 / 2 * 3)) & 7)) + 1);
                Write(blocks[group] | ((high & 7) << 8), factor, high >= 8, values[(8 * group)..]);
            }
        }
    }

    // The upper four bits of each of four numbers, the first lowest, are a half.
    private static float SpreadHalf(ReadOnlySpan<byte> scales)
    {
        var bits = 0;
        for (var part = 0; part < 4; part++)
        {
            bits |= BinaryPrimitives.ReadUInt16LittleEndian(scales[(2 * part)..]) >> 12 << (4 * part);
        }

        return (float)BitConverter.UInt16BitsToHalf((ushort)bits);
    }

    private static void Write(int index, float factor, bool isDown, Span<float> values)
    {
        var group = LookupGrid.Iq1S[index];
        for (var element = 0; element < group.Length; element++)
        {
            values[element] = factor * (group[element] + (isDown ? -Shift : Shift));
        }
    }
}

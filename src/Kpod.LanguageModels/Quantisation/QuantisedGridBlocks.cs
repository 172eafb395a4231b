using System.Buffers.Binary;
using System.Numerics;

namespace Kpod.LanguageModels.Quantisation;

/// <summary>
/// Decodes the IQ2 and IQ3 types of GGUF: blocks of 256 whose values are taken in groups out of a table, each with a sign of its own (layouts as in ggml's <c>ggml-common.h</c>). The order of the
/// operations is the reference's, for equality to the last bit.
/// </summary>
internal static class QuantisedGridBlocks
{
    private const int Elements = 256;

    /// <summary>d · (1/2 + scale) / 4 · group · sign, eight sub-blocks of 32.</summary>
    /// <param name="blocks">d (half), then per sub-block four groups (a byte each) and 32 bits: seven signs for each group, the scale.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeIQ2_XXS(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[66..], values = values[Elements..])
        {
            for (var subBlock = 0; subBlock < 8; subBlock++)
            {
                var packed = blocks.Slice(2 + (8 * subBlock), 8);
                var signs = BinaryPrimitives.ReadUInt32LittleEndian(packed[4..]);
                var factor = QuantisedBlocks.Half(blocks) * (0.5f + (signs >> 28)) * 0.25f;
                for (var group = 0; group < 4; group++)
                {
                    Write(LookupGrid.Iq2Xxs[packed[group]], EvenSigns(signs >> (7 * group)), factor, values[((32 * subBlock) + (8 * group))..]);
                }
            }
        }
    }

    /// <summary>d · (1/2 + scale) / 4 · group · sign, sixteen sub-blocks of 16.</summary>
    /// <param name="blocks">d (half), 32 groups (nine bits and seven signs each), 8 bytes of scales, a nibble each.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeIQ2_XS(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[74..], values = values[Elements..])
        {
            for (var group = 0; group < 32; group++)
            {
                var packed = BinaryPrimitives.ReadUInt16LittleEndian(blocks[(2 + (2 * group))..]);
                var factor = QuantisedBlocks.Half(blocks) * (0.5f + Nibble(blocks[66..], group / 2)) * 0.25f;
                Write(LookupGrid.Iq2Xs[packed & 511], EvenSigns((uint)packed >> 9), factor, values[(8 * group)..]);
            }
        }
    }

    /// <summary>d · (1/2 + scale) / 4 · group · sign, sixteen sub-blocks of 16.</summary>
    /// <param name="blocks">d (half), the lower bytes of 32 groups, their signs (a byte each), 8 bytes of the groups' upper two bits, 8 bytes of scales, a nibble each.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeIQ2_S(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[82..], values = values[Elements..])
        {
            for (var group = 0; group < 32; group++)
            {
                var high = (blocks[66 + (group / 4)] >> (2 * (group % 4))) & 3;
                var factor = QuantisedBlocks.Half(blocks) * (0.5f + Nibble(blocks[74..], group / 2)) * 0.25f;
                Write(LookupGrid.Iq2S[blocks[2 + group] | (high << 8)], blocks[34 + group], factor, values[(8 * group)..]);
            }
        }
    }

    /// <summary>d · (1/2 + scale) / 2 · group · sign, eight sub-blocks of 32.</summary>
    /// <param name="blocks">d (half), 64 groups (a byte each), then 32 bits per sub-block: seven signs for every two groups, the scale.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeIQ3_XXS(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[98..], values = values[Elements..])
        {
            for (var pair = 0; pair < 32; pair++)
            {
                var signs = BinaryPrimitives.ReadUInt32LittleEndian(blocks[(66 + (pair / 4 * 4))..]);
                var factor = QuantisedBlocks.Half(blocks) * (0.5f + (signs >> 28)) * 0.5f;
                var eight = EvenSigns(signs >> (7 * (pair % 4)));
                Write(LookupGrid.Iq3Xxs[blocks[2 + (2 * pair)]], eight, factor, values[(8 * pair)..]);
                Write(LookupGrid.Iq3Xxs[blocks[3 + (2 * pair)]], eight >> 4, factor, values[((8 * pair) + 4)..]);
            }
        }
    }

    /// <summary>d · (1 + 2 · scale) · group · sign, eight sub-blocks of 32.</summary>
    /// <param name="blocks">d (half), the lower bytes of 64 groups, 8 bytes of their ninth bits, 32 bytes of signs, 4 bytes of scales, a nibble each.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeIQ3_S(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[110..], values = values[Elements..])
        {
            for (var group = 0; group < 64; group++)
            {
                var ninth = (blocks[66 + (group / 8)] >> (group % 8)) & 1;
                var signs = blocks[74 + (group / 2)] >> (4 * (group % 2));
                var factor = QuantisedBlocks.Half(blocks) * (1 + (2 * Nibble(blocks[106..], group / 8)));
                Write(LookupGrid.Iq3S[blocks[2 + group] | (ninth << 8)], signs, factor, values[(4 * group)..]);
            }
        }
    }

    private static int Nibble(ReadOnlySpan<byte> packed, int index) => (packed[index / 2] >> (4 * (index % 2))) & 15;

    // Seven signs are stored; the eighth makes their number even.
    private static int EvenSigns(uint signs)
    {
        var seven = (int)(signs & 127);
        return seven | ((BitOperations.PopCount((uint)seven) & 1) << 7);
    }

    private static void Write(ReadOnlySpan<sbyte> group, int signs, float factor, Span<float> values)
    {
        for (var index = 0; index < group.Length; index++)
        {
            var value = factor * group[index];
            values[index] = ((signs >> index) & 1) == 0 ? value : -value;
        }
    }
}

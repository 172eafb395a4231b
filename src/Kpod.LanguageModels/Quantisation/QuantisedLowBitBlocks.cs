namespace Kpod.LanguageModels.Quantisation;

/// <summary>
/// Decodes the types of GGUF with two or three bits, or one of three values, an element: blocks of 256 (layouts as in ggml's <c>ggml-common.h</c>). The order of the operations is the
/// reference's, for equality to the last bit.
/// </summary>
internal static class QuantisedLowBitBlocks
{
    private const int Elements = 256;

    private static ReadOnlySpan<byte> PowersOfThree => [1, 3, 9, 27, 81];

    /// <summary>(d · scale) · q - d_min · minimum, q of two bits, sixteen sub-blocks of 16.</summary>
    /// <param name="blocks">16 bytes of scale (low) and minimum (high nibble), 64 bytes of bit pairs, d, d_min (halves).</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeQ2_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[84..], values = values[Elements..])
        {
            var (scale, shift) = (QuantisedBlocks.Half(blocks[80..]), QuantisedBlocks.Half(blocks[82..]));
            for (var subBlock = 0; subBlock < 16; subBlock++)
            {
                var (factor, summand) = (scale * (blocks[subBlock] & 15), shift * (blocks[subBlock] >> 4));
                var pairs = Pairs(blocks.Slice(16, 64), subBlock, out var bit);
                for (var index = 0; index < 16; index++)
                {
                    values[(16 * subBlock) + index] = (factor * ((pairs[index] >> bit) & 3)) - summand;
                }
            }
        }
    }

    /// <summary>(d · (scale - 32)) · (q - 4), q of three bits, sixteen sub-blocks of 16.</summary>
    /// <param name="blocks">32 bytes whose bit k is the third bit of the row k of 32, 64 bytes of bit pairs, 12 bytes of packed scales, d (half).</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeQ3_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[110..], values = values[Elements..])
        {
            var scale = QuantisedBlocks.Half(blocks[108..]);
            for (var subBlock = 0; subBlock < 16; subBlock++)
            {
                var factor = scale * (ThreeBitScale(blocks.Slice(96, 12), subBlock) - 32);
                var third = blocks.Slice(16 * (subBlock % 2), 16);
                var pairs = Pairs(blocks.Slice(32, 64), subBlock, out var bit);
                for (var index = 0; index < 16; index++)
                {
                    var high = (third[index] >> (subBlock / 2)) & 1;
                    values[(16 * subBlock) + index] = factor * (((pairs[index] >> bit) & 3) - (4 * (1 - high)));
                }
            }
        }
    }

    /// <summary>d · (q - 1), five values of three in a byte.</summary>
    /// <param name="blocks">48 bytes of five values, 4 bytes of four, d (half).</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeTQ1_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[54..], values = values[Elements..])
        {
            var scale = QuantisedBlocks.Half(blocks[52..]);
            Ternary(blocks[..32], 5, scale, values);
            Ternary(blocks.Slice(32, 16), 5, scale, values[160..]);
            Ternary(blocks.Slice(48, 4), 4, scale, values[240..]);
        }
    }

    /// <summary>d · (q - 1), q of two bits.</summary>
    /// <param name="blocks">64 bytes of bit pairs, d (half).</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeTQ2_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[66..], values = values[Elements..])
        {
            var scale = QuantisedBlocks.Half(blocks[64..]);
            for (var subBlock = 0; subBlock < 16; subBlock++)
            {
                var pairs = Pairs(blocks[..64], subBlock, out var bit);
                for (var index = 0; index < 16; index++)
                {
                    values[(16 * subBlock) + index] = (((pairs[index] >> bit) & 3) - 1) * scale;
                }
            }
        }
    }

    // Each half of 128 elements is four rows of 32, which share 32 bytes, a pair of bits each.
    private static ReadOnlySpan<byte> Pairs(ReadOnlySpan<byte> packed, int subBlock, out int bit)
    {
        bit = subBlock % 8 / 2 * 2;
        return packed.Slice((32 * (subBlock / 8)) + (16 * (subBlock % 2)), 16);
    }

    // Four bits of each scale in the first eight bytes, the other two in the last four.
    private static int ThreeBitScale(ReadOnlySpan<byte> packed, int subBlock)
    {
        var low = subBlock < 8 ? packed[subBlock] & 15 : packed[subBlock - 8] >> 4;
        return low | (((packed[8 + (subBlock % 4)] >> (2 * (subBlock / 4))) & 3) << 4);
    }

    // A byte is a fraction of 256 in base three; multiplying by a power of three and dropping the whole part brings a digit to the front.
    private static void Ternary(ReadOnlySpan<byte> packed, int digits, float scale, Span<float> values)
    {
        for (var digit = 0; digit < digits; digit++)
        {
            for (var index = 0; index < packed.Length; index++)
            {
                var fraction = unchecked((byte)(packed[index] * PowersOfThree[digit]));
                values[(digit * packed.Length) + index] = ((fraction * 3 >> 8) - 1) * scale;
            }
        }
    }
}

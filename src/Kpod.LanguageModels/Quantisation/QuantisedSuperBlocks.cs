using System.Runtime.Intrinsics;

namespace Kpod.LanguageModels.Quantisation;

/// <summary>
/// Decodes the "K" types of GGUF: blocks of 256 elements whose sub-blocks have small scales of their own under one half-precision scale
/// (layouts as in ggml's <c>ggml-common.h</c>). The order of the operations is the reference's, for equality to the last bit.
/// </summary>
internal static class QuantisedSuperBlocks
{
    private const int Elements = 256;

    /// <summary>(d · scale) · q - (d_min · minimum), q of four bits, eight sub-blocks of 32.</summary>
    /// <param name="blocks">d, d_min (halves), 12 bytes of packed scales and minima, 128 bytes of nibbles.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeQ4_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[144..], values = values[Elements..])
        {
            for (var pair = 0; pair < 4; pair++)
            {
                var nibbles = blocks.Slice(16 + (32 * pair), 32);
                var (lowScale, lowShift) = ScaleAndShift(blocks, 2 * pair);
                var (highScale, highShift) = ScaleAndShift(blocks, (2 * pair) + 1);
                for (var half = 0; half < 32; half += 16)
                {
                    var packed = Vector128.Create(nibbles.Slice(half, 16));
                    QuantisedBlocks.ScaleAndShift(QuantisedBlocks.LowNibbles(packed), lowScale, lowShift, values[((64 * pair) + half)..]);
                    QuantisedBlocks.ScaleAndShift(QuantisedBlocks.HighNibbles(packed), highScale, highShift, values[((64 * pair) + 32 + half)..]);
                }
            }
        }
    }

    /// <summary>(d · scale) · q - (d_min · minimum), q of five bits, eight sub-blocks of 32.</summary>
    /// <param name="blocks">d, d_min (halves), 12 bytes of packed scales and minima, 32 bytes whose bit k is the fifth bit of sub-block k, 128 bytes of nibbles.</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeQ5_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[176..], values = values[Elements..])
        {
            for (var pair = 0; pair < 4; pair++)
            {
                var nibbles = blocks.Slice(48 + (32 * pair), 32);
                var (lowScale, lowShift) = ScaleAndShift(blocks, 2 * pair);
                var (highScale, highShift) = ScaleAndShift(blocks, (2 * pair) + 1);
                for (var half = 0; half < 32; half += 16)
                {
                    var packed = Vector128.Create(nibbles.Slice(half, 16));
                    var fifth = Vector128.Create(blocks.Slice(16 + half, 16));
                    QuantisedBlocks.ScaleAndShift(QuantisedBlocks.LowNibbles(packed) | FifthBit(fifth, 2 * pair), lowScale, lowShift, values[((64 * pair) + half)..]);
                    QuantisedBlocks.ScaleAndShift(QuantisedBlocks.HighNibbles(packed) | FifthBit(fifth, (2 * pair) + 1), highScale, highShift, values[((64 * pair) + 32 + half)..]);
                }
            }
        }
    }

    /// <summary>(d · scale) · (q - 32), q of six bits, sixteen sub-blocks of 16.</summary>
    /// <param name="blocks">128 bytes of lower nibbles, 64 bytes of upper bit pairs, 16 signed scales, d (half).</param>
    /// <param name="values">256 for each block.</param>
    public static void DecodeQ6_K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Elements; blocks = blocks[210..], values = values[Elements..])
        {
            var scale = QuantisedBlocks.Half(blocks[208..]);
            for (var subBlock = 0; subBlock < 16; subBlock++)
            {
                // Each half of 128 elements: four rows of 32 share 64 bytes of nibbles (rows 0 and 2, 1 and 3) and 32 bytes of bit pairs.
                var (half, row, column) = (subBlock / 8, subBlock % 8 / 2, subBlock % 2 * 16);
                var nibbles = Vector128.Create(blocks.Slice((64 * half) + (32 * (row % 2)) + column, 16));
                var pairs = Vector128.Create(blocks.Slice(128 + (32 * half) + column, 16));
                var low = row < 2 ? QuantisedBlocks.LowNibbles(nibbles) : QuantisedBlocks.HighNibbles(nibbles);
                var high = (((pairs >>> (2 * row)) & Vector128.Create((byte)3)) << 4).AsSByte();
                QuantisedBlocks.Scale((low | high) - Vector128.Create((sbyte)32), scale * (sbyte)blocks[192 + subBlock], values[(16 * subBlock)..]);
            }
        }
    }

    // Eight scales and eight minima of six bits in twelve bytes: the first four of each whole, the others in two pieces.
    private static (float Scale, float Shift) ScaleAndShift(ReadOnlySpan<byte> block, int subBlock)
    {
        var packed = block.Slice(4, 12);
        var (scale, minimum) = subBlock < 4
            ? (packed[subBlock] & 63, packed[subBlock + 4] & 63)
            : ((packed[subBlock + 4] & 15) | (packed[subBlock - 4] >> 6 << 4), (packed[subBlock + 4] >> 4) | (packed[subBlock] >> 6 << 4));
        return (QuantisedBlocks.Half(block) * scale, -(QuantisedBlocks.Half(block[2..]) * minimum));
    }

    private static Vector128<sbyte> FifthBit(Vector128<byte> bits, int subBlock) => (((bits >>> subBlock) & Vector128.Create((byte)1)) << 4).AsSByte();
}

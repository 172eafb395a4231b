using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Kpod.LanguageModels.Quantisation;

/// <summary>Encodes the block types of GGUF that are written here, byte for byte as ggml's reference (<c>quantize_row_q8_0_ref</c> in <c>ggml-quants.c</c>) does.</summary>
internal static class QuantisedBlockEncoders
{
    private const int Elements = 32;
    private const float Largest = 127;

    // The largest number below one half: added towards the sign and cut off, it rounds halves away from zero and nothing else wrongly.
    private const float BelowHalf = 0.49999997f;

    /// <summary>
    /// d = max|x| / 127, q = round(x / d) with halves away from zero. d is stored as a half, but q comes from the unrounded d. Where 1 / d is no finite number (max|x| below about 4e-37, where the
    /// reference is undefined) q is 0, as the stored d is.
    /// </summary>
    /// <param name="values">Whole blocks of 32 finite numbers.</param>
    /// <param name="blocks">34 bytes for each block: scale (half), 32 signed bytes.</param>
    public static void EncodeQ8_0(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        for (; values.Length >= Elements; values = values[Elements..], blocks = blocks[34..])
        {
            var scale = LargestMagnitude(values[..Elements]) / Largest;
            var inverse = scale == 0 || float.IsInfinity(1 / scale) ? 0 : 1 / scale;
            BinaryPrimitives.WriteHalfLittleEndian(blocks, (Half)scale);
            for (var start = 0; start < Elements; start += 16)
            {
                var low = Vector128.Narrow(Rounded(values[start..], inverse), Rounded(values[(start + 4)..], inverse));
                var high = Vector128.Narrow(Rounded(values[(start + 8)..], inverse), Rounded(values[(start + 12)..], inverse));
                Vector128.Narrow(low, high).AsByte().CopyTo(blocks[(2 + start)..]);
            }
        }
    }

    private static float LargestMagnitude(ReadOnlySpan<float> values)
    {
        var largest = Vector128<float>.Zero;
        for (var start = 0; start < values.Length; start += 4)
        {
            largest = Vector128.Max(largest, Vector128.Abs(Vector128.Create(values[start..])));
        }

        return Math.Max(Math.Max(largest[0], largest[1]), Math.Max(largest[2], largest[3]));
    }

    private static Vector128<int> Rounded(ReadOnlySpan<float> values, float inverse)
    {
        var scaled = Vector128.Create(values) * Vector128.Create(inverse);
        var towardsSign = Vector128.Create(BelowHalf) | (scaled & Vector128.Create(-0f));
        return Vector128.ConvertToInt32(scaled + towardsSign);
    }
}

namespace Kpod.LanguageModels.Checkpoints.Storage;

/// <summary>Sizes of tensors whose shapes come from files and are not to be trusted.</summary>
internal static class TensorSize
{
    /// <summary>Bits that a tensor takes.</summary>
    /// <param name="shape">Its dimensions, none negative.</param>
    /// <param name="bitsPerElement">Bits of an element.</param>
    /// <returns>Null where the product of its dimensions, those of 0 left out, does not fit 63 bits: nothing could then compute its strides.</returns>
    public static long? Bits(IReadOnlyList<long> shape, int bitsPerElement)
    {
        var product = (Int128)bitsPerElement;
        var empty = false;
        foreach (var dimension in shape)
        {
            empty |= dimension == 0;
            product *= Math.Max(dimension, 1);
            if (product > long.MaxValue)
            {
                return null;
            }
        }

        return empty ? 0 : (long)product;
    }

    /// <summary>A shape for messages.</summary>
    /// <param name="shape">The dimensions.</param>
    /// <returns>Such as <c>[576, 49152]</c>.</returns>
    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}

namespace Kpod.LanguageModels.Quantisation;

/// <summary>
/// A table of an IQ type: its entries are the only groups of values that a block can hold. The tables belong to the format and follow from no rule; they were read out of ggml's
/// own decoder, one entry after the other, and lie in <c>LookupGrids.txt</c> (a line each: name, then the place of every value among the possible ones, 2 or 4 bits each, lowest first, base64).
/// </summary>
internal sealed class LookupGrid
{
    private static readonly Lazy<Dictionary<string, string>> Lines = new(ReadLines);

    private readonly sbyte[] _values;
    private readonly int _width;

    private LookupGrid(sbyte[] values, int width)
    {
        _values = values;
        _width = width;
    }

    /// <summary>256 groups of 8 out of 8, 25, 43.</summary>
    public static LookupGrid Iq2Xxs { get; } = Read("IQ2_XXS", 8, [8, 25, 43]);

    /// <summary>512 groups of 8 out of 8, 25, 43.</summary>
    public static LookupGrid Iq2Xs { get; } = Read("IQ2_XS", 8, [8, 25, 43]);

    /// <summary>1024 groups of 8 out of 8, 25, 43.</summary>
    public static LookupGrid Iq2S { get; } = Read("IQ2_S", 8, [8, 25, 43]);

    /// <summary>256 groups of 4 out of 4, 12, 20, 28, 36, 44, 52, 62.</summary>
    public static LookupGrid Iq3Xxs { get; } = Read("IQ3_XXS", 4, [4, 12, 20, 28, 36, 44, 52, 62]);

    /// <summary>512 groups of 4 out of the odd numbers to 15.</summary>
    public static LookupGrid Iq3S { get; } = Read("IQ3_S", 4, [1, 3, 5, 7, 9, 11, 13, 15]);

    /// <summary>2048 groups of 8 out of -1, 0, 1.</summary>
    public static LookupGrid Iq1S { get; } = Read("IQ1_S", 8, [-1, 0, 1]);

    /// <summary>A group of values.</summary>
    /// <param name="index">Its number.</param>
    /// <returns>4 or 8 values.</returns>
    public ReadOnlySpan<sbyte> this[int index] => _values.AsSpan(index * _width, _width);

    private static LookupGrid Read(string name, int width, ReadOnlySpan<sbyte> possible)
    {
        var packed = Convert.FromBase64String(Lines.Value[name]);
        var bits = possible.Length <= 4 ? 2 : 4;
        var values = new sbyte[packed.Length * 8 / bits];
        for (var index = 0; index < values.Length; index++)
        {
            var place = index * bits;
            values[index] = possible[(packed[place / 8] >> (place % 8)) & ((1 << bits) - 1)];
        }

        return new LookupGrid(values, width);
    }

    private static Dictionary<string, string> ReadLines()
    {
        using var stream = typeof(LookupGrid).Assembly.GetManifestResourceStream("LookupGrids.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1].Trim());
    }
}

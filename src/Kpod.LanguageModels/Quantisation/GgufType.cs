using TorchSharp;

namespace Kpod.LanguageModels.Quantisation;

/// <summary>How the elements of a GGUF tensor are stored.</summary>
/// <param name="Id">Its number in the file.</param>
/// <param name="Name">Its published name, such as <c>Q4_K</c>.</param>
/// <param name="BlockElements">Elements that are stored together; a row is a whole number of blocks.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
/// <param name="Torch">The type of the tensor that it is read to; null where it cannot be read.</param>
/// <param name="Decode">Turns blocks to float32 values; null where the bytes are the elements, or where it cannot be read.</param>
internal sealed record GgufType(uint Id, string Name, int BlockElements, int BlockBytes, torch.ScalarType? Torch, GgufType.Decoder? Decode)
{
    /// <summary>Turns whole blocks of values to bytes.</summary>
    /// <param name="values">Whole blocks of finite numbers.</param>
    /// <param name="blocks">As many bytes as the blocks take.</param>
    public delegate void Encoder(ReadOnlySpan<float> values, Span<byte> blocks);

    /// <summary>Turns whole blocks to values.</summary>
    /// <param name="blocks">Blocks, one behind the other.</param>
    /// <param name="values">As many elements as the blocks hold.</param>
    public delegate void Decoder(ReadOnlySpan<byte> blocks, Span<float> values);

    /// <summary>Every type that a file may hold, by number.</summary>
    public static readonly IReadOnlyDictionary<uint, GgufType> All = new GgufType[]
    {
        Plain(0, "F32", 4, torch.ScalarType.Float32),
        Plain(1, "F16", 2, torch.ScalarType.Float16),
        Quantised(2, "Q4_0", 32, 18, QuantisedBlocks.DecodeQ4_0),
        Quantised(3, "Q4_1", 32, 20, QuantisedBlocks.DecodeQ4_1),
        Quantised(6, "Q5_0", 32, 22, QuantisedBlocks.DecodeQ5_0),
        Quantised(7, "Q5_1", 32, 24, QuantisedBlocks.DecodeQ5_1),
        Quantised(8, "Q8_0", 32, 34, QuantisedBlocks.DecodeQ8_0) with { Encode = QuantisedBlockEncoders.EncodeQ8_0 },
        Unreadable(9, "Q8_1", 32, 40),
        Quantised(10, "Q2_K", 256, 84, QuantisedLowBitBlocks.DecodeQ2_K),
        Quantised(11, "Q3_K", 256, 110, QuantisedLowBitBlocks.DecodeQ3_K),
        Quantised(12, "Q4_K", 256, 144, QuantisedSuperBlocks.DecodeQ4_K),
        Quantised(13, "Q5_K", 256, 176, QuantisedSuperBlocks.DecodeQ5_K),
        Quantised(14, "Q6_K", 256, 210, QuantisedSuperBlocks.DecodeQ6_K),
        Unreadable(15, "Q8_K", 256, 292),
        Quantised(16, "IQ2_XXS", 256, 66, QuantisedGridBlocks.DecodeIQ2_XXS),
        Quantised(17, "IQ2_XS", 256, 74, QuantisedGridBlocks.DecodeIQ2_XS),
        Quantised(18, "IQ3_XXS", 256, 98, QuantisedGridBlocks.DecodeIQ3_XXS),
        Quantised(19, "IQ1_S", 256, 50, QuantisedTernaryGridBlocks.DecodeIQ1_S),
        Quantised(20, "IQ4_NL", 32, 18, QuantisedTableBlocks.DecodeIQ4_NL),
        Quantised(21, "IQ3_S", 256, 110, QuantisedGridBlocks.DecodeIQ3_S),
        Quantised(22, "IQ2_S", 256, 82, QuantisedGridBlocks.DecodeIQ2_S),
        Quantised(23, "IQ4_XS", 256, 136, QuantisedTableBlocks.DecodeIQ4_XS),
        Plain(24, "I8", 1, torch.ScalarType.Int8),
        Plain(25, "I16", 2, torch.ScalarType.Int16),
        Plain(26, "I32", 4, torch.ScalarType.Int32),
        Plain(27, "I64", 8, torch.ScalarType.Int64),
        Plain(28, "F64", 8, torch.ScalarType.Float64),
        Quantised(29, "IQ1_M", 256, 56, QuantisedTernaryGridBlocks.DecodeIQ1_M),
        Plain(30, "BF16", 2, torch.ScalarType.BFloat16),
        Quantised(34, "TQ1_0", 256, 54, QuantisedLowBitBlocks.DecodeTQ1_0),
        Quantised(35, "TQ2_0", 256, 66, QuantisedLowBitBlocks.DecodeTQ2_0),
        Quantised(39, "MXFP4", 32, 17, QuantisedTableBlocks.DecodeMXFP4),
        Quantised(40, "NVFP4", 64, 36, QuantisedTableBlocks.DecodeNVFP4),
        Unreadable(41, "Q1_0", 128, 18),
    }.ToDictionary(type => type.Id);

    /// <summary>Turns values to blocks; null where the bytes are the elements, or where it is not written here.</summary>
    public Encoder? Encode { get; init; }

    /// <summary>Bytes of a tensor of this type.</summary>
    /// <param name="elements">Its elements, a whole number of blocks.</param>
    /// <returns>The bytes.</returns>
    public long Bytes(long elements) => elements / BlockElements * BlockBytes;

    /// <summary>The type of a name.</summary>
    /// <param name="name">Its published name.</param>
    /// <returns>The type.</returns>
    public static GgufType Named(string name) => All.Values.First(type => type.Name == name);

    private static GgufType Plain(uint id, string name, int bytes, torch.ScalarType type) => new(id, name, 1, bytes, type, null);

    private static GgufType Quantised(uint id, string name, int elements, int bytes, Decoder decode) => new(id, name, elements, bytes, torch.ScalarType.Float32, decode);

    private static GgufType Unreadable(uint id, string name, int elements, int bytes) => new(id, name, elements, bytes, null, null);
}

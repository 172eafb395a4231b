using System.Runtime.InteropServices;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Quantisation;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Quantisation;

public sealed class QuantisedTypesTests
{
    [Theory]
    [InlineData("Q2_K")]
    [InlineData("Q3_K")]
    [InlineData("IQ1_M")]
    [InlineData("IQ1_S")]
    [InlineData("IQ2_S")]
    [InlineData("IQ2_XS")]
    [InlineData("IQ2_XXS")]
    [InlineData("IQ3_S")]
    [InlineData("IQ3_XXS")]
    [InlineData("IQ4_NL")]
    [InlineData("IQ4_XS")]
    [InlineData("MXFP4")]
    [InlineData("NVFP4")]
    [InlineData("TQ1_0")]
    [InlineData("TQ2_0")]
    public void Blocks_are_decoded_as_the_reference_decodes_them_bit_for_bit(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var file = new SafetensorsFile(SharedFolder.PathOf("fixtures", "gguf", "blocks", $"{name}.safetensors"));
        var type = GgufType.Named(name);
        var expected = MemoryMarshal.Cast<byte, uint>(file.Read("values").contiguous().bytes).ToArray();
        var values = new float[expected.Length];
        type.Decode!(file.Read("raw").contiguous().bytes, values);
        Assert.True(values.Length >= 192);
        Assert.Equal(expected, MemoryMarshal.Cast<float, uint>(values).ToArray());
    }

    [Fact]
    public void A_block_of_two_bits_is_what_one_computes_by_hand()
    {
        // d = 2, d_min = 1; the first sub-block has scale 3 and minimum 1, so q becomes 6 q - 1; the others are 0.
        var block = new byte[84];
        block[0] = 0x13;
        block[16] = 0b11_10_01_00;
        block[17] = 0b00_00_00_11;
        BitConverter.GetBytes((Half)2).CopyTo(block, 80);
        BitConverter.GetBytes((Half)1).CopyTo(block, 82);
        var values = new float[256];
        QuantisedLowBitBlocks.DecodeQ2_K(block, values);
        Assert.Equal([-1, 17, -1], values[..3]);
        Assert.All(values[16..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Five_values_of_three_stand_in_a_byte()
    {
        // The digits of 202 of 256 in base three: 202/256 = 0.21002…, so the values 1, 0, -1, -1, 1 stand 32 apart.
        var block = new byte[54];
        block[0] = 202;
        BitConverter.GetBytes((Half)1).CopyTo(block, 52);
        var values = new float[256];
        QuantisedLowBitBlocks.DecodeTQ1_0(block, values);
        Assert.Equal([1, 0, -1, -1, 1], new[] { values[0], values[32], values[64], values[96], values[128] });
    }

    [Fact]
    public void Four_bits_name_a_value_of_the_uneven_table()
    {
        var block = new byte[18];
        BitConverter.GetBytes((Half)0.5f).CopyTo(block, 0);
        block[2] = 0xF8;
        var values = new float[32];
        QuantisedTableBlocks.DecodeIQ4_NL(block, values);
        Assert.Equal([0.5f, 56.5f, -63.5f], new[] { values[0], values[16], values[1] });
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Quantisation;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints.Gguf;

public sealed class GgufEncoderTests
{
    [Theory]
    [InlineData("Q8_0")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Values_are_written_as_the_reference_writes_them_byte_for_byte(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var file = new SafetensorsFile(SharedFolder.PathOf("fixtures", "gguf", "blocks", $"{name}.safetensors"));
        var type = GgufType.Named(name);
        var (input, expected) = (file.Read("quantize_in"), file.Read("quantize_out"));
        var compared = 0;
        for (long row = 0; row < input.shape[0]; row++)
        {
            var values = input[row].contiguous();
            var wanted = expected[row].contiguous().bytes.ToArray();
            var actual = Encode(type, values);
            if (type.Encode is null)
            {
                // What is no number has many spellings; a model that holds it is refused, see below.
                var isNumber = MemoryMarshal.Cast<byte, float>(values.bytes).ToArray().SelectMany(value => Enumerable.Repeat(!float.IsNaN(value), type.BlockBytes)).ToArray();
                wanted = [.. wanted.Where((_, index) => isNumber[index])];
                actual = [.. actual.Where((_, index) => isNumber[index])];
            }

            Assert.Equal(wanted, actual);
            compared += wanted.Length;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {input.shape[0]} rows, {compared} bytes, none differs");
        Assert.True(compared >= 100);
    }

    [Fact]
    public void A_block_of_eight_bits_is_what_one_computes_by_hand()
    {
        // max|x| = 127, so d = 1 and each number is rounded, halves away from zero.
        var values = new float[32];
        (values[0], values[1], values[2], values[3], values[4], values[5], values[31]) = (127, 0.5f, -0.5f, 2.5f, -126.5f, 0.49999997f, 1);
        var block = new byte[34];
        QuantisedBlockEncoders.EncodeQ8_0(values, block);
        Assert.Equal(1, (float)BinaryPrimitives.ReadHalfLittleEndian(block));
        Assert.Equal([127, 1, -1, 3, -127, 0], MemoryMarshal.Cast<byte, sbyte>(block)[2..8].ToArray());
        Assert.Equal(1, (sbyte)block[33]);
    }

    [Fact]
    public void Blocks_too_small_for_their_inverse_scale_are_zero()
    {
        var block = new byte[34];
        Array.Fill(block, (byte)9);
        QuantisedBlockEncoders.EncodeQ8_0([.. Enumerable.Repeat(1e-38f, 32)], block);
        Assert.All(block, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData("Q8_0", 1e9f, "holds numbers beyond 8 million")]
    [InlineData("F16", 1e5f, "F16 ends at 65504: choose BF16 or F32")]
    [InlineData("F32", float.NaN, "the model is damaged")]
    [InlineData("Q8_0", float.PositiveInfinity, "infinite or none")]
    public void What_a_type_cannot_hold_is_refused_and_nothing_is_left_behind(string type, float value, string message)
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        var path = temporary.PathOf("m.gguf");
        var tensor = torch.ones(3, 32);
        tensor[1, 5] = value;
        var fault = Assert.Throws<KpodException>(() => GgufWriter.Write(path, [], [(TensorSource.Of("some.weight", tensor), GgufType.Named(type))]));
        Assert.StartsWith($"{path}: the weight 'some.weight' holds numbers", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(temporary.FullPath));
    }

    private static byte[] Encode(GgufType type, torch.Tensor values)
    {
        if (type.Encode is null)
        {
            return values.to(type.Torch!.Value).bytes.ToArray();
        }

        var blocks = new byte[type.Bytes(values.numel())];
        type.Encode(MemoryMarshal.Cast<byte, float>(values.bytes), blocks);
        return blocks;
    }
}

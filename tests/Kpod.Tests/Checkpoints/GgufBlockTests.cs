using System.Runtime.InteropServices;
using Kpod.Checkpoints;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.Tests.Checkpoints;

public sealed class GgufBlockTests
{
    [Theory]
    [InlineData("Q4_0")]
    [InlineData("Q4_1")]
    [InlineData("Q5_0")]
    [InlineData("Q5_1")]
    [InlineData("Q8_0")]
    [InlineData("Q4_K")]
    [InlineData("Q5_K")]
    [InlineData("Q6_K")]
    public void Quantised_blocks_decode_to_the_reference_values_bit_for_bit(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var file = new SafetensorsFile(SharedFolder.PathOf("fixtures", "gguf", "blocks", $"{name}.safetensors"));
        var type = GgufType.All.Values.Single(candidate => candidate.Name == name);
        var expected = MemoryMarshal.Cast<byte, float>(file.Read("values").bytes);
        var actual = new float[expected.Length];
        type.Decode!(file.Read("raw").bytes, actual);
        var different = 0;
        for (var index = 0; index < actual.Length; index++)
        {
            different += BitConverter.SingleToUInt32Bits(actual[index]) == BitConverter.SingleToUInt32Bits(expected[index]) ? 0 : 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {actual.Length} values, {different} differ");
        Assert.True(actual.Length >= 1024);
        Assert.Equal(0, different);
    }

    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Half_precision_widens_to_the_reference_values_bit_for_bit(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var file = new SafetensorsFile(SharedFolder.PathOf("fixtures", "gguf", "blocks", $"{name}.safetensors"));
        var values = file.Read("values");
        var type = GgufType.All.Values.Single(candidate => candidate.Name == name);
        var halves = torch.empty(values.shape, type.Torch);
        file.Read("raw").bytes.CopyTo(halves.bytes);
        Assert.True(halves.to(torch.float32).bytes.SequenceEqual(values.bytes));
    }

    [Fact]
    public void The_table_of_types_is_the_published_one()
    {
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "gguf", "blocks", "types.json")));
        var checkedTypes = 0;
        foreach (var row in document.RootElement.EnumerateArray())
        {
            var type = GgufType.All[row.GetProperty("id").GetUInt32()];
            Assert.Equal(row.GetProperty("type").GetString(), type.Name);
            Assert.Equal(row.GetProperty("block_size").GetInt32(), type.BlockElements);
            Assert.Equal(row.GetProperty("block_bytes").GetInt32(), type.BlockBytes);
            checkedTypes++;
        }

        Assert.Equal(25, checkedTypes);
    }
}

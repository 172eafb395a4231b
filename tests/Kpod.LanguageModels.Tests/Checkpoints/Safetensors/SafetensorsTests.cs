using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints.Safetensors;

public sealed class SafetensorsTests
{
    [Theory]
    [InlineData("valid")]
    [InlineData("no_metadata")]
    public void Shards_give_the_tensors_that_the_index_names(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var set = SafetensorsSet.Open(SharedFolder.PathOf("fixtures", "safetensors-broken", "index", name));
        Assert.Equal(["a", "b"], set.Names.Order(StringComparer.Ordinal));
        Assert.Equal([1f, 2f], set.Read("a").data<float>().ToArray());
        Assert.Equal([3f, 4f], set.Read("b").data<float>().ToArray());
    }

    // Taken from the first shard or refused, but never from the second.
    [Fact]
    public void A_tensor_in_two_shards_is_read_from_the_one_that_the_index_names()
    {
        using var scope = torch.NewDisposeScope();
        using var set = SafetensorsSet.Open(SharedFolder.PathOf("fixtures", "safetensors-broken", "index", "tensor_in_two_shards"));
        Assert.Equal([1f, 2f], set.Read("a").data<float>().ToArray());
    }

    [Theory]
    [InlineData("models/llama-gqa-tied/model.safetensors")]
    [InlineData("models/llama-bf16/model.safetensors")]
    [InlineData("models/t5-flan-gated-untied/model.safetensors")]
    [InlineData("models/llama-gqa-tied/lora/adapter_model.safetensors")]
    [InlineData("models/llama-gqa-tied/reference.safetensors")]
    [InlineData("gguf/blocks/Q4_0.safetensors")]
    public void Writing_what_was_read_gives_the_bytes_of_the_reference_writer(string name)
    {
        var source = SharedFolder.PathOf(["fixtures", .. name.Split('/')]);
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using (var file = new SafetensorsFile(source))
        {
            var tensors = file.Tensors.Keys.Reverse().Select(tensor => KeyValuePair.Create(tensor, file.Read(tensor)));
            SafetensorsWriter.Write(temporary.PathOf("copy.safetensors"), tensors, file.Metadata);
        }

        Assert.True(File.ReadAllBytes(source).AsSpan().SequenceEqual(File.ReadAllBytes(temporary.PathOf("copy.safetensors"))));
    }

    [Fact]
    public void Values_of_every_type_are_read_as_they_stand()
    {
        using var scope = torch.NewDisposeScope();
        using var file = new SafetensorsFile(SharedFolder.PathOf("fixtures", "safetensors-broken", "all_dtypes.safetensors"));
        Assert.Equal(13, file.Tensors.Count);
        foreach (var (name, entry) in file.Tensors)
        {
            // Two elements of the bytes 0, 1, 0, 1, …
            var bits = SafetensorsType.Find(entry.TypeName)!.Bits;
            var whole = Enumerable.Range(0, bits / 8).Aggregate(0UL, (sum, place) => place % 2 == 1 ? sum | (1UL << (8 * place)) : sum);
            var expected = entry.TypeName switch
            {
                "BOOL" or "U8" or "I8" => [0, 1],
                "F16" => [(double)BitConverter.UInt16BitsToHalf((ushort)whole), (double)BitConverter.UInt16BitsToHalf((ushort)whole)],
                "BF16" => [BitConverter.UInt32BitsToSingle((uint)whole << 16), BitConverter.UInt32BitsToSingle((uint)whole << 16)],
                "F32" => [BitConverter.UInt32BitsToSingle((uint)whole), BitConverter.UInt32BitsToSingle((uint)whole)],
                "F64" => [BitConverter.UInt64BitsToDouble(whole), BitConverter.UInt64BitsToDouble(whole)],
                _ => new[] { (double)whole, whole },
            };
            Assert.Equal(expected, file.Read(name).to(torch.ScalarType.Float64).data<double>().ToArray());
        }
    }

    [Fact]
    public void Tensors_of_any_layout_and_shape_survive_a_round_trip_bit_for_bit()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        var bits = torch.randint(0, 256, [64], torch.ScalarType.Byte);
        var tensors = new Dictionary<string, torch.Tensor>
        {
            ["transposed"] = torch.randn(3, 5).t(),
            ["slice"] = torch.randn(4, 6)[1..3],
            ["trained"] = torch.randn(2, 2).requires_grad_(),
            ["scalar"] = torch.tensor(3.5),
            ["empty"] = torch.empty(0, 7),
            ["brain"] = torch.randn(9).to(torch.bfloat16),
            ["half"] = torch.randn(9).to(torch.float16),
            ["flags"] = torch.tensor(new[] { true, false, true }),
            ["bytes"] = bits,
            ["numbers"] = torch.tensor(new[] { long.MinValue, -1, long.MaxValue }),
            ["Füße → 漢"] = torch.tensor(new[] { float.NaN, float.NegativeInfinity, -0f, float.Epsilon }),
        };
        SafetensorsWriter.Write(temporary.PathOf("all.safetensors"), tensors);

        using var file = new SafetensorsFile(temporary.PathOf("all.safetensors"));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in tensors)
        {
            var read = file.Read(name);
            Assert.Equal(tensor.dtype, read.dtype);
            Assert.Equal(tensor.shape, read.shape);
            Assert.True(tensor.detach().contiguous().bytes.SequenceEqual(read.bytes), name);
        }
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        var path = temporary.PathOf("weights.safetensors");
        SafetensorsWriter.Write(path, [KeyValuePair.Create("a", torch.ones(3))]);
        var before = File.ReadAllBytes(path);
        var gone = torch.ones(3);
        gone.Dispose();
        Assert.ThrowsAny<Exception>(() => SafetensorsWriter.Write(path, [KeyValuePair.Create("a", torch.zeros(3)), KeyValuePair.Create("b", gone)]));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(temporary.FullPath));
    }

    [Fact]
    public void The_file_begins_with_an_aligned_header()
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        SafetensorsWriter.Write(temporary.PathOf("a.safetensors"), [KeyValuePair.Create("abc", torch.ones(3)), KeyValuePair.Create("d", torch.ones(1, torch.uint8))]);
        var bytes = File.ReadAllBytes(temporary.PathOf("a.safetensors"));
        var length = BitConverter.ToInt64(bytes);
        Assert.Equal(0, length % 8);
        var header = System.Text.Encoding.UTF8.GetString(bytes.AsSpan(8, (int)length)).TrimEnd(' ');
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"abc":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"d":{"dtype":"U8","shape":[1],"data_offsets":[12,13]}}""",
            header);
    }
}

using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints.Gguf;

public sealed class GgufFileTests
{
    [Theory]
    [InlineData("all_types.gguf", "all_types.json", 3u)]
    [InlineData("all_types_v2.gguf", "all_types.json", 2u)]
    [InlineData("default_alignment.gguf", "default_alignment.json", 3u)]
    [InlineData("small_alignment.gguf", "small_alignment.json", 3u)]
    [InlineData("zero_elements.gguf", "zero_elements.json", 3u)]
    [InlineData("no_tensors.gguf", "no_tensors.json", 3u)]
    public void Every_key_value_and_tensor_is_read_as_it_was_written(string name, string expectedName, uint version)
    {
        using var scope = torch.NewDisposeScope();
        using var file = new GgufFile(SharedFolder.PathOf("fixtures", "gguf", "metadata", name));
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "gguf", "metadata", expectedName)));
        var expected = document.RootElement;
        Assert.Equal(version, file.Container.Version);
        Assert.Equal(expected.GetProperty("alignment").GetUInt32(), file.Container.Alignment);
        Assert.Equal(expected.GetProperty("data_offset").GetInt64(), file.Container.DataStart);
        Assert.Equal(expected.GetProperty("kv").GetArrayLength(), file.Metadata.Values.Count);
        foreach (var pair in expected.GetProperty("kv").EnumerateArray())
        {
            AssertValue(pair, file.Metadata.Values[pair.GetProperty("key").GetString()!]);
        }

        Assert.Equal(expected.GetProperty("tensors").GetArrayLength(), file.Tensors.Count);
        foreach (var tensor in expected.GetProperty("tensors").EnumerateArray())
        {
            AssertTensor(tensor, file);
        }
    }

    [Fact]
    public void The_real_model_is_listed_as_the_reference_lists_it()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "gguf", "metadata", "expected_smollm2.json")));
        var expected = document.RootElement;
        using var file = new GgufFile(SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf"));
        Assert.Equal(expected.GetProperty("data_offset").GetInt64(), file.Container.DataStart);
        foreach (var pair in expected.GetProperty("kv").EnumerateArray())
        {
            AssertValue(pair, file.Metadata.Values[pair.GetProperty("key").GetString()!]);
        }

        foreach (var array in expected.GetProperty("arrays").EnumerateArray())
        {
            var values = ((IEnumerable)file.Metadata.Values[array.GetProperty("key").GetString()!]).Cast<object>().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)!).ToList();
            Assert.Equal(array.GetProperty("length").GetInt32(), values.Count);
            Assert.Equal(array.GetProperty("sha256_of_lines").GetString(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', values)))));
        }

        Assert.Equal(272, file.Tensors.Count);
        foreach (var tensor in expected.GetProperty("tensors").EnumerateArray())
        {
            var actual = file.Tensors[tensor.GetProperty("name").GetString()!];
            Assert.Equal(tensor.GetProperty("type").GetString(), actual.Type.Name);
            Assert.Equal(tensor.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64()), actual.Shape);
            Assert.Equal(tensor.GetProperty("file_offset").GetInt64(), actual.Offset);
            Assert.Equal(tensor.GetProperty("bytes").GetInt64(), actual.Bytes);
        }
    }

    [Fact]
    public void A_split_file_is_read_whole_from_its_first_part()
    {
        using var scope = torch.NewDisposeScope();
        using var file = new GgufFile(SharedFolder.PathOf("fixtures", "gguf", "metadata", "split-00001-of-00003.gguf"));
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "gguf", "metadata", "split.json")));
        Assert.Equal(5, file.Tensors.Count);
        foreach (var tensor in document.RootElement.GetProperty("tensors").EnumerateArray())
        {
            var values = file.Read(tensor.GetProperty("name").GetString()!);
            Assert.Equal(tensor.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64()), values.shape);
            Assert.Equal(tensor.GetProperty("values").EnumerateArray().Select(value => value.GetSingle()), values.data<float>().ToArray());
        }
    }

    [Fact]
    public void Another_part_of_a_split_file_points_to_the_first()
    {
        var path = SharedFolder.PathOf("fixtures", "gguf", "metadata", "split-00002-of-00003.gguf");
        Assert.EndsWith("is part 2 of 3 of a split model; give the first part, whose name ends in -00001-of-00003.gguf.", Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_file_without_its_other_parts_names_the_missing_one()
    {
        using var temporary = new TemporaryFolder();
        foreach (var part in new[] { "split-00001-of-00003.gguf", "split-00003-of-00003.gguf" })
        {
            File.Copy(SharedFolder.PathOf("fixtures", "gguf", "metadata", part), temporary.PathOf(part));
        }

        Assert.StartsWith($"{temporary.PathOf("split-00002-of-00003.gguf")}: cannot be read", Refusal(temporary.PathOf("split-00001-of-00003.gguf")), StringComparison.Ordinal);
        File.Copy(temporary.PathOf("split-00003-of-00003.gguf"), temporary.PathOf("split-00002-of-00003.gguf"));
        Assert.Contains("says of itself that it is part 3 of 3", Refusal(temporary.PathOf("split-00001-of-00003.gguf")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_big_endian_file_is_refused_for_what_it_is()
    {
        var path = SharedFolder.PathOf("fixtures", "gguf", "metadata", "all_types_big_endian.gguf");
        Assert.Equal($"{path}: is a big-endian GGUF file, which is not read; convert it to little-endian (gguf-convert-endian of the gguf package).", Refusal(path));
    }

    [Fact]
    public void Lists_of_lists_are_refused_by_key() =>
        Assert.Contains("the value of test.", Refusal(SharedFolder.PathOf("fixtures", "gguf", "metadata", "nested_arrays.gguf")), StringComparison.Ordinal);

    [Fact]
    public void A_type_that_cannot_be_read_is_refused_by_name()
    {
        using var temporary = new TemporaryFolder();
        var bytes = File.ReadAllBytes(SharedFolder.PathOf("fixtures", "gguf", "models", "llama-Q4_K_M.gguf"));

        // The first Q4_K tensor of the table becomes Q1_0, which takes fewer bytes.
        var entry = bytes.AsSpan().IndexOf("blk.0.attn_q.weight"u8) + "blk.0.attn_q.weight".Length + 4 + 16;
        Assert.Equal(12u, BitConverter.ToUInt32(bytes, entry));
        bytes[entry] = 41;
        File.WriteAllBytes(temporary.PathOf("q1.gguf"), bytes);
        using var file = new GgufFile(temporary.PathOf("q1.gguf"));
        var exception = Assert.Throws<KpodException>(() => file.Read("blk.0.attn_q.weight"));
        Assert.StartsWith($"{temporary.PathOf("q1.gguf")}: the tensor 'blk.0.attn_q.weight' is stored as Q1_0, which cannot be read here; readable are F32, F16, Q4_0,", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-Q4_K_M.gguf")]
    [InlineData("llama-mha-untied-Q8_0.gguf")]
    public void Decoded_to_bfloat16_are_the_rounded_numbers(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var file = new GgufFile(SharedFolder.PathOf("fixtures", "gguf", "models", name));
        string[] quantised = [.. file.Tensors.Values.Where(tensor => tensor.Type.Decode is not null).Select(tensor => tensor.Name)];
        Assert.NotEmpty(quantised);
        foreach (var tensor in quantised)
        {
            var rounded = file.Read(tensor, torch.ScalarType.BFloat16);
            Assert.Equal(torch.ScalarType.BFloat16, rounded.dtype);
            Assert.Equal(file.Read(tensor).to(torch.ScalarType.BFloat16).bytes, rounded.bytes);
        }
    }

    private static string Refusal(string path) => Assert.Throws<KpodException>(() => new GgufFile(path)).Message;

    private static void AssertTensor(JsonElement expected, GgufFile file)
    {
        var name = expected.GetProperty("name").GetString()!;
        var tensor = file.Tensors[name];
        Assert.Equal(expected.GetProperty("type").GetString(), tensor.Type.Name);
        Assert.Equal(expected.GetProperty("ggml_type").GetUInt32(), tensor.Type.Id);
        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64()), tensor.Shape);
        Assert.Equal(expected.GetProperty("offset").GetInt64(), tensor.Offset - file.Container.DataStart);
        Assert.Equal(expected.GetProperty("bytes").GetInt64(), tensor.Bytes);
        if (tensor.Type.Torch == torch.ScalarType.Int64)
        {
            Assert.Equal(expected.GetProperty("values").EnumerateArray().Select(value => value.GetInt64()), file.Read(name).data<long>().ToArray());
        }
        else
        {
            Assert.Equal(expected.GetProperty("values").EnumerateArray().Select(Number), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(file.Read(name).to(torch.float64).bytes).ToArray());
        }
    }

    private static void AssertValue(JsonElement expected, object actual)
    {
        var kind = expected.GetProperty("type").GetString();
        if (kind == "array")
        {
            var elements = ((IEnumerable)actual).Cast<object>().ToList();
            var values = expected.GetProperty("value").EnumerateArray().ToList();
            Assert.Equal(KindOf(actual.GetType().GetElementType()!), expected.GetProperty("element_type").GetString());
            Assert.Equal(values.Count, elements.Count);
            foreach (var (value, element) in values.Zip(elements))
            {
                AssertScalar(value, element);
            }
        }
        else
        {
            Assert.Equal(KindOf(actual.GetType()), kind);
            AssertScalar(expected.GetProperty("value"), actual);
            if (expected.TryGetProperty("bits", out var bits))
            {
                Assert.Equal(bits.GetString(), actual is float single ? $"0x{BitConverter.SingleToUInt32Bits(single):x8}" : $"0x{BitConverter.DoubleToUInt64Bits((double)actual):x16}");
            }
        }
    }

    private static void AssertScalar(JsonElement expected, object actual)
    {
        switch (actual)
        {
            case string text:
                Assert.Equal(expected.GetString(), text);
                break;
            case bool flag:
                Assert.Equal(expected.GetBoolean(), flag);
                break;
            case float or double:
                Assert.Equal(Number(expected), Convert.ToDouble(actual, CultureInfo.InvariantCulture));
                break;
            default:
                Assert.Equal(expected.GetRawText(), Convert.ToString(actual, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static double Number(JsonElement value) => value.ValueKind != JsonValueKind.String ? value.GetDouble() : value.GetString() switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.NaN,
    };

    private static string KindOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => "u8",
        TypeCode.SByte => "i8",
        TypeCode.UInt16 => "u16",
        TypeCode.Int16 => "i16",
        TypeCode.UInt32 => "u32",
        TypeCode.Int32 => "i32",
        TypeCode.UInt64 => "u64",
        TypeCode.Int64 => "i64",
        TypeCode.Single => "f32",
        TypeCode.Double => "f64",
        TypeCode.Boolean => "bool",
        _ => "string",
    };
}

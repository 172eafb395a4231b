using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Checkpoints.Gguf;

public sealed class GgufWriterTests
{
    [Theory]
    [InlineData("llama-gqa-tied-F16")]
    [InlineData("llama-rope-llama3-F32")]
    [InlineData("llama-bf16-BF16")]
    [InlineData("qwen2-F32")]
    [InlineData("mistral-Q8_0")]
    [InlineData("t5-flan-gated-untied-Q8_0")]
    public void A_file_of_the_reference_is_written_back_byte_for_byte(string name)
    {
        using var temporary = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        var path = SharedFolder.PathOf("fixtures", "gguf", "models", $"{name}.gguf");
        using (var file = new GgufFile(path))
        {
            var tensors = file.Tensors.Values.Select(tensor => (new TensorSource(tensor.Name, tensor.Shape, () => file.Read(tensor.Name)), tensor.Type)).ToArray();
            GgufWriter.Write(temporary.PathOf("copy.gguf"), [.. file.Metadata.Values], tensors);
        }

        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(temporary.PathOf("copy.gguf")));
    }

    [Fact]
    public void Every_kind_of_value_comes_back_as_it_was()
    {
        using var temporary = new TemporaryFolder();
        var path = temporary.PathOf("values.gguf");
        KeyValuePair<string, object>[] values =
        [
            new("u8", byte.MaxValue), new("i8", sbyte.MinValue), new("u16", ushort.MaxValue), new("i16", short.MinValue), new("u32", uint.MaxValue), new("i32", int.MinValue), new("u64", ulong.MaxValue),
            new("i64", long.MinValue), new("f32", float.NaN), new("f64", double.NegativeInfinity), new("yes", true), new("no", false), new("text", "Zwölf \0 \U0001F600"), new("empty", ""),
            new("bytes", new byte[] { 0, 255 }), new("numbers", new[] { 1.5f, -0f }), new("texts", new[] { "a", "", "ß" }), new("flags", new[] { true, false }), new("none", Array.Empty<int>()), new("longs", new[] { long.MaxValue }),
        ];
        GgufWriter.Write(path, values, []);
        using var file = new GgufFile(path);
        Assert.Equal(values.Select(pair => pair.Key), file.Metadata.Values.Keys);
        Assert.All(values, pair => Assert.Equal(pair.Value, file.Metadata.Values[pair.Key]));
        Assert.Equal(0, new FileInfo(path).Length % 32);
    }

    [Fact]
    public void A_value_without_a_type_is_a_programmers_error()
    {
        using var temporary = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(temporary.PathOf("x.gguf"), [new("when", new DateTime(2024, 1, 1))], []));
        Assert.Empty(Directory.GetFileSystemEntries(temporary.FullPath));
    }
}

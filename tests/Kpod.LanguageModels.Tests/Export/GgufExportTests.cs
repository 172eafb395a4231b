using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Export;
using Kpod.LanguageModels.T5;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Tests.Checkpoints;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Export;

public sealed class GgufExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama-gqa-tied-F32", ExportType.Float32, "llama-gqa-tied-F32")]
    [InlineData("llama-gqa-tied-F32", ExportType.Float16, "llama-gqa-tied-F16")]
    [InlineData("llama-mha-untied-F32", ExportType.Q80, "llama-mha-untied-Q8_0")]
    [InlineData("mistral-F32", ExportType.Q80, "mistral-Q8_0")]
    [InlineData("llama-bf16-BF16", ExportType.Bfloat16, "llama-bf16-BF16")]
    [InlineData("llama-rope-llama3-F32", ExportType.Float32, "llama-rope-llama3-F32")]
    [InlineData("qwen2-F32", ExportType.Float32, "qwen2-F32")]
    [InlineData("qwen3-F32", ExportType.Float32, "qwen3-F32")]
    [InlineData("t5-flan-gated-untied-F32", ExportType.Q80, "t5-flan-gated-untied-Q8_0")]
    public void Tensors_and_keys_are_those_of_the_converted_file(string source, ExportType type, string expectedName)
    {
        var target = _folder.PathOf("out.gguf");
        var report = TestStudent.Export(new ExportOptions { Model = TestStudent.Gguf(source), Target = target, Format = ExportFormat.Gguf, Type = type, Tolerance = 1 });
        Assert.True(report.IsWritten);
        using var expected = new GgufFile(TestStudent.Gguf(expectedName));
        using var actual = new GgufFile(target);
        AssertSameTensors(expected, actual);
        foreach (var (key, value) in expected.Metadata.Values.Where(pair => pair.Key != "general.name"))
        {
            Assert.True(actual.Metadata.Values.TryGetValue(key, out var found), key);
            Assert.Equal(value, found);
        }
    }

    [Theory]
    [InlineData("llama-mha-untied", "llama-mha-untied-F32")]
    [InlineData("llama-rope-llama3", "llama-rope-llama3-F32")]
    [InlineData("mistral", "mistral-F32")]
    [InlineData("qwen2", "qwen2-F32")]
    [InlineData("qwen3", "qwen3-F32")]
    [InlineData("t5-flan-gated-untied", "t5-flan-gated-untied-F32")]
    public void A_hugging_face_folder_becomes_the_file_that_the_converter_makes_of_it(string variant, string gguf)
    {
        var target = _folder.PathOf("out.gguf");
        TestStudent.Export(new ExportOptions { Model = TestStudent.Folder(_folder, variant, gguf), Target = target, Format = ExportFormat.Gguf });
        using var expected = new GgufFile(TestStudent.Gguf(gguf));
        using var actual = new GgufFile(target);
        AssertSameTensors(expected, actual);
        foreach (var key in expected.Metadata.Values.Keys.Where(key => key is not ("general.name" or "tokenizer.chat_template")))
        {
            // Rows without a token are named after their number here, in the fixtures after their place among them.
            var fillers = key is "tokenizer.ggml.tokens" or "tokenizer.ggml.scores";
            Assert.True(actual.Metadata.Values.TryGetValue(key, out var found), key);
            if (!fillers)
            {
                Assert.Equal(expected.Metadata.Values[key], found);
            }
        }
    }

    [Fact]
    public void A_tied_t5_takes_its_scale_along_as_an_output_layer_of_its_own()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var target = _folder.PathOf("out.gguf");
        TestStudent.Export(new ExportOptions { Model = TestStudent.Gguf("t5-v1_0-relu-tied-F32"), Target = target, Format = ExportFormat.Gguf });
        using var model = CheckpointLoader.LoadModel(target, torch.ScalarType.Float32, torch.CPU);
        Assert.False(((T5Model)model).Configuration.ScaledOutput);
        using var numbers = new SafetensorsFile(Path.Combine(TestStudent.Variant("t5-v1_0-relu-tied"), "reference.safetensors"));
        TensorAssert.Close(numbers.Read("logits"), ReferenceLogits.Of(model, numbers), 1e-5, "logits");
    }

    [Fact]
    public void A_t5_with_another_largest_distance_is_refused_by_name()
    {
        var folder = TestStudent.Folder(_folder, "t5-flan-deep", "t5-flan-gated-untied-F32");
        var fault = Assert.Throws<KpodException>(() => TestStudent.Export(new ExportOptions { Model = folder, Target = _folder.PathOf("x.gguf"), Format = ExportFormat.Gguf }));
        Assert.Contains("relative_attention_max_distance is 32", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("x.gguf")));
    }

    private static void AssertSameTensors(GgufFile expected, GgufFile actual)
    {
        using var scope = torch.NewDisposeScope();
        Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), actual.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected.Tensors)
        {
            Assert.Equal(tensor.Type.Name, actual.Tensors[name].Type.Name);
            Assert.Equal(tensor.Shape, actual.Tensors[name].Shape);
            Assert.True(Bytes(tensor).AsSpan().SequenceEqual(Bytes(actual.Tensors[name])), name);
        }
    }

    private static byte[] Bytes(GgufTensor tensor) => tensor.File.Read(tensor.Offset, (int)tensor.Bytes);
}

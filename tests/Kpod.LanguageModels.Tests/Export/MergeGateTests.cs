using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Export;
using Kpod.LanguageModels.Testing;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Export;

public sealed class MergeGateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_adapter_that_rounding_would_drown_is_refused_with_the_better_type_named()
    {
        var options = Options(scale: 1e-4, ExportType.Bfloat16);
        var report = TestStudent.Export(options);
        Assert.False(report.IsWritten);
        Assert.False(report.Gate!.Passed);
        Assert.True(report.Gate.LargestDifference < report.Gate.Tolerance);
        Assert.True(report.Gate.ShareOfAdapter > MergeGate.MostOfAdapter);
        Assert.Contains("what was learned would be lost in it. Export as float16, or raise the tolerance.", report.Gate.Refusal, StringComparison.Ordinal);
        Assert.Equal(["adapter", "base-llama-mha-untied"], Names());

        // As float32 the same adapter passes, and so does a stronger one in bfloat16.
        Assert.True(TestStudent.Export(options with { Type = ExportType.Float32 }).IsWritten);
    }

    [Fact]
    public void An_adapter_of_ordinary_strength_passes_in_bfloat16()
    {
        var gate = TestStudent.Export(Options(scale: 1, ExportType.Bfloat16)).Gate!;
        Assert.True(gate.Passed, gate.Refusal);
        Assert.InRange(gate.LargestDifference, 1e-5, 0.03);
        Assert.InRange(gate.ShareOfAdapter!.Value, 1e-6, 0.1);
        Assert.Equal(0.03, gate.Tolerance);
    }

    [Theory]
    [InlineData(ExportType.Float16, "Export as float32, or raise the tolerance.")]
    [InlineData(ExportType.Bfloat16, "Export as float16, or raise the tolerance.")]
    public void Logits_that_move_beyond_the_tolerance_are_refused(ExportType type, string advice)
    {
        var report = TestStudent.Export(Options(scale: 1, type) with { Tolerance = 1e-6 });
        Assert.False(report.IsWritten);
        Assert.Matches("^logits move by up to 0\\.\\d+ of the largest one, beyond the tolerance of 1E-06\\. ", report.Gate!.Refusal);
        Assert.EndsWith(advice, report.Gate.Refusal, StringComparison.Ordinal);
        Assert.Equal(["adapter", "base-llama-mha-untied"], Names());
    }

    [Fact]
    public void What_is_compared_is_the_file_and_not_the_intention()
    {
        using var scope = torch.NewDisposeScope();
        using var checkpoint = CheckpointLoader.Load(TestStudent.Folder(_folder, "llama-mha-untied", "llama-mha-untied-F32"), torch.ScalarType.Float32, torch.CPU);
        using var gate = MergeGate.Of(GateText.BuiltIn, checkpoint);
        Assert.Equal(0, gate.Compare(checkpoint.Model, 0, null).LargestDifference);

        // One row of one matrix in the wrong place.
        using (torch.no_grad())
        {
            var weight = checkpoint.Model.Linears[0].Weight;
            weight[0] = weight[1].clone();
        }

        Assert.False(gate.Compare(checkpoint.Model, 1e-3, "float32").Passed);
    }

    [Fact]
    public void A_tokenizer_that_reads_otherwise_is_refused_with_the_text()
    {
        using var checkpoint = CheckpointLoader.Load(TestStudent.Folder(_folder, "qwen2", "qwen2-F32"), torch.ScalarType.Float32, torch.CPU);
        using var gate = MergeGate.Of([new("hello world")], checkpoint);
        gate.CheckTokenizer(checkpoint.Tokenizer);
        var other = CheckpointLoader.LoadTokenizer(TestStudent.Gguf("llama-gqa-tied-F32"));
        Assert.Contains("it would read \"hello world\" as other tokens", Assert.Throws<KpodException>(() => gate.CheckTokenizer(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_leaves_no_tensor_behind()
    {
        var options = Options(scale: 1, ExportType.Float32) with { Force = true };
        LeakCheck.IsFlat(() => TestStudent.Export(options), steps: 2, warmUp: 1);
    }

    private ExportOptions Options(double scale, ExportType type)
    {
        var folder = TestStudent.Folder(_folder, "llama-mha-untied", "llama-mha-untied-F32");
        using var scope = torch.NewDisposeScope();
        using (var model = CheckpointLoader.LoadModel(folder, torch.ScalarType.Float32, torch.CPU))
        {
            var adapter = PeftAdapter.Load(model, Path.Combine(TestStudent.Variant("llama-mha-untied"), "lora"));
            using var noGradient = torch.no_grad();
            foreach (var parameter in adapter.Parameters.Where(parameter => parameter.Name.Contains("lora_B", StringComparison.Ordinal)))
            {
                parameter.Value.mul_(scale);
            }

            PeftAdapter.Save(adapter, _folder.PathOf("adapter"), folder);
        }

        return new ExportOptions { Model = folder, Adapter = _folder.PathOf("adapter"), Target = _folder.PathOf("out"), Type = type };
    }

    private IEnumerable<string> Names() => Directory.GetFileSystemEntries(_folder.FullPath).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}

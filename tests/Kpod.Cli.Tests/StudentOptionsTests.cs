using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>Runs whose student is kept or trained in another way than usual, through the program.</summary>
public sealed class StudentOptionsTests : IClassFixture<BadInputTests.QuickstartFolder>
{
    private static readonly string[] Short = ["--set", "method=cot", "--set", "distillation.epochs=1", "--set", "evaluation.base=false"];

    private readonly BadInputTests.QuickstartFolder _files;

    public StudentOptionsTests(BadInputTests.QuickstartFolder files) => _files = files;

    [Fact]
    public async Task Every_weight_can_be_trained_and_the_student_is_then_a_whole_model()
    {
        using var folder = _files.Copy();
        string[] full = ["run", "kpod.yaml", .. Short, "--set", "distillation.fullFineTuning=true", "--set", "distillation.optimizer.weightDecay=0.01", "--set", "distillation.optimizer.course=cosine"];
        await Done(folder, [.. full, "--set", "distillation.optimizer.warmUpSteps=2", "--set", "distillation.optimizer.maximumGradientNorm=1", "--run", "r/full"]);
        var student = folder.PathOf("r", "full", "06-student");
        Assert.Equal(["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "training-log.jsonl"], Directory.EnumerateFiles(student).Select(file => Path.GetFileName(file)).Order());
        Assert.True(File.Exists(folder.PathOf("r", "full", "07-evaluation", "summary.json")));

        // The weights have moved, and every verb that takes a run takes this one.
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(student, "model.safetensors")), File.ReadAllBytes(Path.Combine(Base(folder), "model.safetensors")));
        await Done(folder, "inspect", "r/full");
        await Done(folder, "export", "r/full", "--out", "full.gguf");
        var ofRun = await Done(folder, "generate", "r/full", "--prompt", "Tom has 3 apples. How many apples does Tom have?", "--max-tokens", "8");
        var ofModel = await Done(folder, "generate", "r/full/06-student", "--prompt", "Tom has 3 apples. How many apples does Tom have?", "--max-tokens", "8");
        Assert.Equal(ofModel, ofRun);

        var refused = await KpodProcess.RunAsync(folder.FullPath, [.. full, "--set", "student.precision=bfloat16", "--run", "r/refused"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("distillation.fullFineTuning is true, so student.precision must be float32", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantised_base_weights_and_gradient_checkpointing_save_memory_and_change_no_byte()
    {
        using var folder = _files.Copy();
        await Done(folder, "export", Base(folder), "--out", "base.gguf", "--dtype", "q8_0", "--tolerance", "1");
        string[] run = ["run", "kpod.yaml", .. Short, "--set", "student.model=base.gguf", "--set", "student.precision=bfloat16"];
        await Done(folder, [.. run, "--run", "one/usual"]);
        await Done(folder, [.. run, "--set", "student.keepQuantised=true", "--set", "student.gradientCheckpointing=true", "--run", "two/lean"]);
        foreach (var file in new[] { "06-student/adapter_model.safetensors", "07-evaluation/student-test.jsonl" })
        {
            Assert.Equal(File.ReadAllBytes(folder.PathOf("one", "usual", file)), File.ReadAllBytes(folder.PathOf("two", "lean", file)));
        }

        var refused = await KpodProcess.RunAsync(folder.FullPath, [.. run, "--set", $"student.model={Base(folder)}", "--set", "student.keepQuantised=true", "--run", "two/refused"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("student.keepQuantised is true, but student.model is the folder", refused.Error, StringComparison.Ordinal);
    }

    private static string Base(TemporaryFolder folder) => Directory.EnumerateDirectories(folder.FullPath, "base-*").Single();

    private static async Task<string> Done(TemporaryFolder folder, params string[] arguments)
    {
        var (code, output, error) = await KpodProcess.RunAsync(folder.FullPath, arguments);
        Assert.True(code == 0, $"kpod {string.Join(' ', arguments)}: exit code {code}: {error}");
        return output;
    }
}

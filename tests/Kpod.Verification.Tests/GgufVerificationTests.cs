using Kpod.LanguageModels.Testing;
using Kpod.Testing;

namespace Kpod.Verification.Tests;

/// <summary>The recorded GGUF models, quantised blocks and broken files.</summary>
public sealed class GgufVerificationTests
{
    public static TheoryData<string> Names => [.. RecordedModels.GgufFiles];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_GGUF_model_computes_what_its_description_records(string name)
    {
        var report = Verifier.Model(Path.Combine(Folder, $"{name}.gguf"), Path.Combine(Folder, $"{name}.json"), null, VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.Contains(report.Checks, check => check.Name == "logits");
        Assert.Contains(report.Checks, check => check.Name == "tensor_types");
        Assert.Equal(name != "llama-bias-F16", report.Checks.Any(check => check.Name == "tokenizer cases"));
        Assert.Equal(name.EndsWith("F32", StringComparison.Ordinal) || name.EndsWith("BF16", StringComparison.Ordinal), report.Checks.Any(check => check.Name == "weights, bit for bit"));
    }

    [Fact]
    public void Every_recorded_GGUF_model_is_listed_here() =>
        Assert.Equal(Directory.GetFiles(Folder, "*.gguf").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal), RecordedModels.GgufFiles);

    [Fact]
    public void The_weights_of_a_GGUF_file_may_stand_in_for_the_folders()
    {
        var folder = SharedFolder.PathOf("fixtures", "models", "llama-rope-llama3");
        var report = Verifier.Model(folder, null, Path.Combine(Folder, "llama-rope-llama3-F32.gguf"), VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.DoesNotContain(report.Checks, check => check.Name.Contains("config.v4", StringComparison.Ordinal));

        // Quantised weights are not the recorded ones.
        var quantised = Verifier.Model(SharedFolder.PathOf("fixtures", "models", "mistral"), null, Path.Combine(Folder, "mistral-Q8_0.gguf"), VerificationAssert.Options);
        Assert.Contains(quantised.Checks, check => check is { Name: "logits", Passed: false });
        Assert.Contains(quantised.Checks, check => check is { Name: "inv_freq", Passed: true });
    }

    [Fact]
    public void A_GGUF_file_may_be_held_to_a_folder_of_numbers() => VerificationAssert.Passes(
        Verifier.Model(Path.Combine(Folder, "t5-v1_0-relu-tied-F32.gguf"), SharedFolder.PathOf("fixtures", "models", "t5-v1_0-relu-tied"), null, VerificationAssert.Options));

    [Fact]
    public void What_was_altered_in_a_description_or_its_logits_is_found()
    {
        using var copy = new RecordedFolder(Folder);
        copy.AlterJson("llama-Q4_K_M.json", root =>
        {
            root["tensor_types"]!["blk.0.attn_q.weight"] = "Q5_K";
            root["architecture"] = "qwen2";
            root["tokenizer"]!["cases"]![3]!["ids"]![0] = 7;
        });
        copy.Alter("llama-Q4_K_M.logits.safetensors", "logits");
        VerificationAssert.FailsIn(
            Verifier.Model(Path.Combine(Folder, "llama-Q4_K_M.gguf"), copy.PathOf("llama-Q4_K_M.json"), null, VerificationAssert.Options),
            "llama-Q4_K_M.json: tensor_types", "llama-Q4_K_M.json: architecture", "llama-Q4_K_M.json: tokenizer cases", "llama-Q4_K_M.logits.safetensors: logits");
    }

    [Fact]
    public void Exact_weights_without_their_checkpoint_are_said_to_be_unchecked()
    {
        using var copy = new RecordedFolder(Folder);
        var report = Verifier.Model(copy.PathOf("qwen3-F32.gguf"), null, null, VerificationAssert.Options);
        Assert.True(report.Passed);
        Assert.Contains("'qwen3' is found in no folder", Assert.Single(report.NotChecked).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_block_that_is_read_or_written_here_is_the_references_bit_for_bit()
    {
        var report = Verifier.Blocks(SharedFolder.PathOf("fixtures", "gguf", "blocks"), VerificationAssert.Options);
        VerificationAssert.Passes(report);
        string[] read =
            ["BF16", "F16", "IQ1_M", "IQ1_S", "IQ2_S", "IQ2_XS", "IQ2_XXS", "IQ3_S", "IQ3_XXS", "IQ4_NL", "IQ4_XS", "MXFP4", "NVFP4", "Q2_K", "Q3_K", "Q4_0", "Q4_1", "Q4_K", "Q5_0", "Q5_1", "Q5_K", "Q6_K", "Q8_0", "TQ1_0", "TQ2_0"];
        Assert.Equal(read, report.Checks.Where(check => check.Name == "values").Select(check => Path.GetFileNameWithoutExtension(check.File)));
        Assert.All(report.Checks.Where(check => check.Name == "values"), check => Assert.True(check.Values >= 192));
        Assert.Equal(["BF16", "F16", "Q8_0"], report.Checks.Where(check => check.Name == "quantize_out").Select(check => Path.GetFileNameWithoutExtension(check.File)));
        Assert.DoesNotContain(report.NotChecked, item => item.Name == "values");
        Assert.Equal(25, report.Checks.Single(check => check.File == "types.json").Values);
    }

    [Fact]
    public void One_altered_value_of_a_block_is_found()
    {
        using var copy = new RecordedFolder(SharedFolder.PathOf("fixtures", "gguf", "blocks"));
        copy.Alter("Q6_K.safetensors", "values");
        copy.Alter("Q8_0.safetensors", "quantize_out");
        copy.AlterJson("types.json", root => root[3]!["block_bytes"] = 23);
        VerificationAssert.FailsIn(
            Verifier.Blocks(copy.FullPath, VerificationAssert.Options), "Q6_K.safetensors: values", "Q8_0.safetensors: quantize_out", "types.json: types");
    }

    [Theory]
    [InlineData("gguf/broken", 85)]
    [InlineData("safetensors-broken", 107)]
    public void Every_broken_file_gets_the_answer_that_is_expected_of_it(string folder, int files)
    {
        var report = Verifier.BrokenFiles(SharedFolder.PathOf(["fixtures", .. folder.Split('/')]), VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.Equal(files, report.Checks.Count);
    }

    [Fact]
    public void A_wrong_answer_about_a_broken_file_is_found()
    {
        var source = SharedFolder.PathOf("fixtures", "safetensors-broken");
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(source, "gap.safetensors"), folder.PathOf("gap.safetensors"));
        File.Copy(Path.Combine(source, "valid.safetensors"), folder.PathOf("valid.safetensors"));
        File.WriteAllText(folder.PathOf("expected.json"), """
            [{"file": "gap.safetensors", "expect": "accept"}, {"file": "valid.safetensors", "expect": "reject"}]
            """);
        var report = Verifier.BrokenFiles(folder.FullPath, VerificationAssert.Options);
        VerificationAssert.FailsIn(report, "expected.json: gap.safetensors", "expected.json: valid.safetensors");
        File.WriteAllText(folder.PathOf("expected.json"), """
            [{"file": "gap.safetensors", "expect": "reject", "message_should_mention": ["unicorn"]}, {"file": "valid.safetensors", "expect": "either"}]
            """);
        report = Verifier.BrokenFiles(folder.FullPath, VerificationAssert.Options);
        VerificationAssert.FailsIn(report, "expected.json: gap.safetensors");
        Assert.Contains("does not mention unicorn", report.Checks[0].Detail, StringComparison.Ordinal);
    }

    private static string Folder => SharedFolder.PathOf("fixtures", "gguf", "models");
}

using System.Text.Json.Nodes;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Testing;
using Kpod.Testing;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.Tests;

/// <summary>The recorded models, each held to all of its numbers, and what happens when one of these is off.</summary>
public sealed class ModelVerificationTests
{
    public static TheoryData<string> Models => [.. RecordedModels.Folders];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_recorded_number_of_a_model_is_ours_within_the_tolerance(string model)
    {
        var folder = PathOf(model);
        var report = Verifier.Model(folder, reference: null, weights: null, VerificationAssert.Options);
        VerificationAssert.Passes(report);
        foreach (var file in Directory.EnumerateFiles(folder, "reference.safetensors", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            if (name is not ("qwen2/lora-layers" or "lora-layers/reference.safetensors" or "lora-patterns/reference.safetensors"))
            {
                Assert.Empty(RecordedFolder.Results(file).Except(report.Checks.Where(check => check.File == name).Select(check => check.Name)));
            }
        }

        Assert.Contains(report.Checks, check => check is { Name: "logits (config.v4.json)", Passed: true });
        Assert.Contains(report.Checks, check => check is { Name: "greedy_new_ids (each alone)", Passed: true });
        Assert.Equal(3, report.Checks.Count(check => check.File == "optimizer_schedules.json"));
        Assert.Equal(File.Exists(Path.Combine(folder, "kpod.json")) ? 10 : 0, report.Checks.Count(check => check.File == "kpod.json"));
    }

    [Fact]
    public void Every_folder_of_recorded_models_is_listed_here() =>
        Assert.Equal(Directory.GetDirectories(PathOf(".")).Select(Path.GetFileName).Order(StringComparer.Ordinal), Models.Select(row => row.Data));

    [Fact]
    public void An_adapter_that_is_refused_is_named_with_its_key_and_not_passed_over()
    {
        var report = Verifier.Model(PathOf("qwen2"), null, null, VerificationAssert.Options);
        Assert.Equal(["lora-layers/reference.safetensors", "lora-patterns/reference.safetensors"], report.NotChecked.Select(item => item.File));
        Assert.Contains("layers_to_transform", report.NotChecked[0].Reason, StringComparison.Ordinal);
        Assert.Contains("alpha_pattern", report.NotChecked[1].Reason, StringComparison.Ordinal);
        Assert.Contains("rank_pattern", report.NotChecked[1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-gqa-tied", "lora")]
    [InlineData("llama-mha-untied", "lora-rslora")]
    [InlineData("t5-flan-gated-untied", "lora")]
    public void Every_number_that_was_altered_is_found(string model, string adapter)
    {
        using var copy = new RecordedFolder(PathOf(model));
        var expected = new List<string>();
        foreach (var file in new[] { "reference.safetensors", $"{adapter}/reference.safetensors", "full/reference.safetensors" }.Where(file => File.Exists(copy.PathOf(file))))
        {
            var names = RecordedFolder.Results(copy.PathOf(file));
            copy.Alter(file, names);
            expected.AddRange(names.Select(name => $"{file}: {name}"));
        }

        var report = Verifier.Model(PathOf(model), copy.FullPath, null, VerificationAssert.Options);
        var failed = report.Checks.Where(check => !check.Passed).Select(check => $"{check.File}: {check.Name}").ToHashSet();
        Assert.Subset(failed, expected.ToHashSet());
        Assert.Empty(failed.Except(expected).Except(["reference.safetensors: greedy_new_ids (each alone)", "reference.safetensors: logits (config.v4.json)"]));
    }

    [Theory]
    [InlineData("llama-mha-untied", "reference.safetensors", "next_logprobs")]
    [InlineData("llama-mha-untied", "reference.safetensors", "inv_freq")]
    [InlineData("llama-mha-untied", "lora-rslora/reference.safetensors", "merged_logits")]
    [InlineData("llama-mha-untied", "lora-rslora/reference.safetensors", "grad.base_model.model.model.layers.0.self_attn.k_proj.lora_A.weight")]
    [InlineData("llama-mha-untied", "lora/reference.safetensors", "adamclip.total_norms")]
    [InlineData("t5-flan-deep", "reference.safetensors", "bucket_causal")]
    [InlineData("t5-flan-deep", "reference.safetensors", "grad_inputs_embeds")]
    public void One_altered_number_is_found_in_its_place_and_nowhere_else(string model, string file, string name)
    {
        using var copy = new RecordedFolder(PathOf(model));
        copy.Alter(file, name);
        VerificationAssert.FailsIn(Verifier.Model(PathOf(model), copy.FullPath, null, VerificationAssert.Options), $"{file}: {name}");
    }

    [Theory]
    [InlineData("rationale_nll")]
    [InlineData("answer_nll")]
    [InlineData("step_difficulty")]
    [InlineData("step_difficulty_uniform")]
    public void An_altered_list_of_kpod_json_is_found(string key)
    {
        using var copy = DistillationOnly();
        copy.AlterJson("kpod.json", root => Scale(root["examples"]![1]!["expected"]![key]!.AsArray(), Largest(root, key), 3e-5));
        VerificationAssert.FailsIn(Verify(copy), $"kpod.json: {key}");
    }

    [Theory]
    [InlineData("weighted_rationale_loss", "Eq. 15 loss")]
    [InlineData("unweighted_rationale_loss", "plain loss of the same tokens")]
    [InlineData("answer_nll_sum", "Eq. 15 loss", "plain loss of the same tokens")]
    [InlineData("supervised_tokens")]
    public void An_altered_number_by_given_steps_is_found(string key, params string[] alsoIn)
    {
        using var copy = DistillationOnly();
        copy.AlterJson("kpod.json", root =>
        {
            var first = root["examples"]![0]!["expected"]!["by_given_steps"]![0]!;
            first[key] = first[key]!.GetValue<double>() + 1;
        });
        VerificationAssert.FailsIn(Verify(copy), [.. alsoIn.Append(key).Select(name => $"kpod.json: by_given_steps: {name}")]);
    }

    [Fact]
    public void A_course_of_the_learning_rate_that_was_altered_is_found()
    {
        using var copy = DistillationOnly();
        File.Copy(PathOf("optimizer_schedules.json"), copy.PathOf("optimizer_schedules.json"));
        VerificationAssert.Passes(Verify(copy));
        copy.AlterJson("optimizer_schedules.json", root => root["cosine_with_warmup"]![17] = root["cosine_with_warmup"]![17]!.GetValue<double>() + 1e-8);
        VerificationAssert.FailsIn(Verify(copy), "optimizer_schedules.json: cosine_with_warmup");
    }

    [Fact]
    public void Another_tolerance_gives_another_verdict()
    {
        using var copy = new RecordedFolder(PathOf("llama-sharded"));
        copy.Alter("reference.safetensors", "logits");
        Assert.False(Verifier.Model(PathOf("llama-sharded"), copy.FullPath, null, VerificationAssert.Options).Passed);
        Assert.True(Verifier.Model(PathOf("llama-sharded"), copy.FullPath, null, VerificationAssert.Options with { Tolerance = 1e-4 }).Passed);
        Assert.False(Verifier.Model(PathOf("llama-sharded"), null, null, VerificationAssert.Options with { Tolerance = 1e-9 }).Passed);
    }

    [Fact]
    public void A_tensor_that_is_not_known_is_said_to_be_unchecked()
    {
        using var scope = torch.NewDisposeScope();
        using var copy = new RecordedFolder(PathOf("mistral"));
        copy.Replace("reference.safetensors", "attention_entropy", torch.ones(3));
        var report = Verifier.Model(PathOf("mistral"), copy.FullPath, null, VerificationAssert.Options);
        Assert.True(report.Passed);
        Assert.Equal(["attention_entropy"], report.NotChecked.Select(item => item.Name));
    }

    [Fact]
    public void An_adapter_without_the_batch_of_its_model_is_held_to_its_training_alone()
    {
        using var copy = new RecordedFolder(PathOf("llama-gqa-tied"));
        File.Delete(copy.PathOf("reference.safetensors"));
        var report = Verifier.Model(PathOf("llama-gqa-tied"), copy.FullPath, null, VerificationAssert.Options);
        Assert.True(report.Passed);
        Assert.Contains(report.Checks, check => check.Name == "adamw.losses");
        Assert.Contains(report.NotChecked, item => item is { File: "lora/reference.safetensors", Name: "merged_logits" });
        Assert.Contains(report.NotChecked, item => item.Name.StartsWith("grad.", StringComparison.Ordinal));
    }

    [Fact]
    public void An_optimizer_with_settings_of_its_own_brings_them_in_the_metadata()
    {
        using var scope = torch.NewDisposeScope();
        using var copy = new RecordedFolder(PathOf("llama-gqa-tied"));
        using (var stored = new SafetensorsFile(copy.PathOf("lora/reference.safetensors")))
        {
            var tensors = stored.Tensors.Keys.Where(name => !name.StartsWith("adam.", StringComparison.Ordinal) && !name.StartsWith("adamclip.", StringComparison.Ordinal))
                .ToDictionary(name => name.Replace("adamw.", "mine.", StringComparison.Ordinal), stored.Read);
            SafetensorsWriter.Write(copy.PathOf("named.safetensors"), tensors);
            SafetensorsWriter.Write(
                copy.PathOf("stated.safetensors"), tensors, new Dictionary<string, string> { ["mine.learning_rate"] = "0.001", ["mine.weight_decay"] = "0.01" });
        }

        File.Move(copy.PathOf("named.safetensors"), copy.PathOf("lora/reference.safetensors"), overwrite: true);
        var without = Verifier.Model(PathOf("llama-gqa-tied"), copy.FullPath, null, VerificationAssert.Options);
        Assert.Contains(without.NotChecked, item => item.Name == "mine.losses" && item.Reason.Contains("mine.learning_rate", StringComparison.Ordinal));
        File.Move(copy.PathOf("stated.safetensors"), copy.PathOf("lora/reference.safetensors"), overwrite: true);
        var with = Verifier.Model(PathOf("llama-gqa-tied"), copy.FullPath, null, VerificationAssert.Options);
        VerificationAssert.Passes(with);
        Assert.Contains(with.Checks, check => check.Name.StartsWith("mine.step5.", StringComparison.Ordinal));
    }

    private static VerificationReport Verify(RecordedFolder copy) => Verifier.Model(PathOf("llama-gqa-tied"), copy.FullPath, null, VerificationAssert.Options);

    private static RecordedFolder DistillationOnly()
    {
        var copy = new RecordedFolder(PathOf("llama-gqa-tied"));
        foreach (var part in new[] { "lora", "lora-qv", "full" })
        {
            Directory.Delete(copy.PathOf(part), recursive: true);
        }

        File.Delete(copy.PathOf("reference.safetensors"));
        return copy;
    }

    private static double Largest(JsonNode root, string key) => root["examples"]!.AsArray().SelectMany(example => example!["expected"]![key]!.AsArray()).Max(value => value!.GetValue<double>());

    private static void Scale(JsonArray list, double largest, double share) => list[0] = list[0]!.GetValue<double>() + (largest * share);

    private static string PathOf(string name) => SharedFolder.PathOf("fixtures", "models", name);
}

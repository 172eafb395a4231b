using System.Text.Json.Nodes;
using Kpod.Testing;

namespace Kpod.Verification.Tests;

/// <summary>The other systems, curricula, ablations and statistics come out as recorded, and one altered number of each kind is found.</summary>
public sealed class MethodVerificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_recorded_comes_out()
    {
        var report = Verifier.Methods(SharedFolder.PathOf("fixtures", "methods"), VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.Equal(9, report.Checks.Select(check => check.File).Distinct().Count());
        Assert.All(report.NotChecked, item => Assert.NotEmpty(item.Reason));
        Assert.Contains(report.NotChecked, item => item is { File: "mcc_kd.json", Name: "total_with_example_means" });
    }

    [Theory]
    [InlineData("scotd.json", "variants/one_correct_path/1/text", "variants.one_correct_path")]
    [InlineData("scotd.json", "variants/no_filter/3/chain", "variants.no_filter")]
    [InlineData("scotd.json", "variants/all_correct_paths_balanced/slots/0/candidates/1", "balanced: slots")]
    [InlineData("scotd.json", "variants/all_correct_paths_balanced/epochs/1/examples/1/chain", "balanced: epochs")]
    [InlineData("scotd.json", "models/0/expected/nll/2/1", "llama: nll")]
    [InlineData("scotd.json", "models/0/expected/loss", "llama: loss")]
    [InlineData("scotd.json", "models/1/answer_only/nll_sum/0", "t5: answer_only: nll_sum")]
    [InlineData("specialized_texts.json", "examples/in_context_cot/2/input", "examples.in_context_cot")]
    [InlineData("specialized_texts.json", "examples/zero_shot_answer_only/0/target", "examples.zero_shot_answer_only")]
    [InlineData("specialized_texts.json", "micro_batches/0/groups/1/micro_batches/0/1", "micro_batches: groups", "micro_batches: fully_random", "micro_batches: same_question")]
    [InlineData("specialized_texts.json", "micro_batches/1/dropped/in_context_cot/0", "micro_batches: dropped")]
    [InlineData("specialized_texts.json", "micro_batches/1/same_question/order/3/examples/0", "micro_batches: same_question")]
    [InlineData("specialized_texts.json", "too_long/0/kept/0", "too_long")]
    [InlineData("specialized_losses.json", "explicit/0/rows/0/kl/1", "explicit: kl")]
    [InlineData("specialized_losses.json", "explicit/1/rows/0/gradient_of_distribution_loss/0/2", "explicit: gradient_of_distribution_loss")]
    [InlineData("specialized_losses.json", "explicit/0/distribution_loss", "explicit: distribution_loss")]
    [InlineData("specialized_losses.json", "models/1/distribution_matching/loss", "t5: distribution_matching: loss")]
    [InlineData("specialized_losses.json", "models/0/accumulation_group/loss", "llama: accumulation_group: loss")]
    [InlineData("dtw.json", "cases/4/expected/path/2/0", "path")]
    [InlineData("dtw.json", "cases/13/expected/cost/3/1", "cost")]
    [InlineData("dtw.json", "cases/13/expected/accumulated/3/1", "accumulated")]
    [InlineData("dtw.json", "cases/12/expected/targets/0/0/1", "targets: probabilities")]
    [InlineData("dtw.json", "cases/12/expected/targets/0/0/0", "targets: tokens")]
    [InlineData("dtw.json", "cases/2/expected/how/2", "how")]
    [InlineData("scott.json", "steps/1/expected/contrastive", "steps: contrastive")]
    [InlineData("scott.json", "steps/4/expected/score/3", "steps: score")]
    [InlineData("scott.json", "wrong_answers/1/by_source/neighbours/2", "wrong_answers: neighbours")]
    [InlineData("scott.json", "models/0/decode/1/expected/new_ids/2", "llama: decode: new_ids")]
    [InlineData("scott.json", "models/1/decode/0/expected/steps/2/score", "t5: decode: score")]
    [InlineData("scott.json", "models/0/loss/counterfactual/mask/0/3", "llama: counterfactual: mask")]
    [InlineData("scott.json", "models/0/loss/total", "llama: total")]
    [InlineData("scott.json", "models/0/rerank/0/expected/score/1", "llama: rerank: score")]
    [InlineData("scott.json", "models/1/rerank/1/expected/chosen", "t5: rerank: chosen")]
    [InlineData("mcc_kd.json", "selection/0/jaccard/0/2", "selection: jaccard")]
    [InlineData("mcc_kd.json", "selection/6/selected/5/3", "selection: selected")]
    [InlineData("mcc_kd.json", "selection/1/words/0/1", "selection: words")]
    [InlineData("mcc_kd.json", "models/0/loss/1/expected/kl_a_to_b/0/1", "llama: kl_a_to_b")]
    [InlineData("mcc_kd.json", "models/1/loss/2/expected/kl", "t5: kl")]
    [InlineData("mcc_kd.json", "models/0/loss/0/expected/total", "llama: total")]
    [InlineData("mcc_kd.json", "models/0/loss/1/expected/span_logits_a/0/1/7", "llama: span_logits_a")]
    [InlineData("curricula.json", "acl/runs/0/by_epoch/1/subset/2", "acl: subset")]
    [InlineData("curricula.json", "acl/runs/1/by_epoch/2/scores_after_epoch/2", "acl: scores_after_epoch")]
    [InlineData("curricula.json", "acl/sizes/1/by_epoch/9", "acl: sizes")]
    [InlineData("curricula.json", "acl/pull_to_reference/expected/gradient/1/1", "acl: pull: gradient")]
    [InlineData("curricula.json", "spl/0/expected/loss", "spl: loss")]
    [InlineData("curricula.json", "spl/0/expected/token_confidence/1/1", "spl: token_confidence")]
    [InlineData("curricula.json", "icl/prefix_lengths/7/at_030", "icl: prefix_lengths")]
    [InlineData("curricula.json", "models/0/acl/loss/1", "llama: acl: loss")]
    [InlineData("curricula.json", "models/1/icl/0/loss", "t5: icl: loss")]
    [InlineData("ablations.json", "models/0/without_sig/losses/1/loss", "llama: without_sig: loss")]
    [InlineData("ablations.json", "models/1/without_prog/losses/0/weighted_nll_sum/1", "t5: without_prog: weighted_nll_sum")]
    [InlineData("ablations.json", "models/0/without_sig/step_difficulty/0/1", "llama: without_sig: step_difficulty")]
    [InlineData("ablations.json", "models/0/without_div/schedule/stages/1/given_steps/1", "llama: without_div: given_steps")]
    [InlineData("ablations.json", "models/0/kpod/schedule/stages/0/budget", "llama: kpod: budget")]
    [InlineData("ablations.json", "diversity/1/without_diversity/stages/2/selected/0", "diversity[1] without_diversity: selected")]
    [InlineData("statistics.json", "wilson/4/lower", "wilson")]
    [InlineData("statistics.json", "mcnemar/7/p", "mcnemar")]
    [InlineData("statistics.json", "holm/4/adjusted/1", "holm: adjusted")]
    [InlineData("statistics.json", "permutation/0/expected/p", "permutation: p")]
    [InlineData("statistics.json", "bootstrap/0/distribution/5/1", "bootstrap: distribution")]
    [InlineData("statistics.json", "smallest_difference/2/smallest_difference", "smallest_difference")]
    [InlineData("statistics.json", "majority/questions/1/majority/4", "majority")]
    [InlineData("statistics.json", "leakage/twins/2/0", "leakage: twins")]
    public void One_altered_result_is_found(string file, string path, params string[] checks)
    {
        var report = Verifier.Methods(Altered(file, path), VerificationAssert.Options);
        VerificationAssert.FailsIn(report, [.. checks.Select(check => $"{file}: {check}")]);
    }

    [Theory]
    [InlineData("scotd.json", "models/0/expected/gradient_norms/model.layers.0.self_attn.q_proj.weight", "llama: gradient_norms")]
    [InlineData("mcc_kd.json", "models/0/loss/0/expected/kl_gradient_norms/model.layers.1.mlp.down_proj.weight", "llama: kl_gradient_norms")]
    [InlineData("scott.json", "models/0/loss/gradient_norms/model.layers.0.self_attn.q_proj.weight", "llama: gradient_norms")]
    public void An_altered_gradient_is_found(string file, string path, string check) =>
        VerificationAssert.FailsIn(Verifier.Methods(Altered(file, path), VerificationAssert.Options), $"{file}: {check}");

    [Fact]
    public void A_folder_without_recorded_numbers_and_a_model_that_is_not_there_are_named()
    {
        Assert.Contains("holds none of scotd.json", Assert.Throws<KpodException>(() => Verifier.Methods(_folder.FullPath, VerificationAssert.Options)).Message, StringComparison.Ordinal);
        File.Copy(Path.Combine(SharedFolder.PathOf("fixtures", "methods"), "scotd.json"), _folder.PathOf("scotd.json"));
        var fault = Assert.Throws<KpodException>(() => Verifier.Methods(_folder.FullPath, VerificationAssert.Options));
        Assert.Contains("models[0], model: is looked for from the folder that holds 'shared'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_together_is_a_fault_of_the_file()
    {
        var folder = Altered("specialized_losses.json", "explicit/0/rows/0/label_ids/1", node => node.Parent!.AsArray().Add(3));
        Assert.Contains("specialized_losses.json", Assert.Throws<KpodException>(() => Verifier.Methods(folder, VerificationAssert.Options)).Message, StringComparison.Ordinal);
    }

    private string Altered(string file, string path, Action<JsonNode>? alter = null)
    {
        var folder = _folder.PathOf("methods");
        Directory.CreateDirectory(folder);
        Directory.CreateSymbolicLink(_folder.PathOf("shared"), Path.GetDirectoryName(SharedFolder.PathOf("fixtures"))!);
        var root = JsonNode.Parse(File.ReadAllText(Path.Combine(SharedFolder.PathOf("fixtures", "methods"), file)))!;
        var node = path.Split('/').Aggregate(root, (at, key) => (at is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)] : at[key])!);
        (alter ?? Spoil)(node);
        File.WriteAllText(Path.Combine(folder, file), root.ToJsonString());
        return folder;
    }

    // A text by a letter, a whole number by one, any other by twice what its kind is held to.
    private static void Spoil(JsonNode node)
    {
        var value = node.AsValue();
        node.ReplaceWith(value.TryGetValue<string>(out var text) ? JsonValue.Create(text + "x") : value.TryGetValue<int>(out var whole) ? JsonValue.Create(whole + 1) : JsonValue.Create(value.GetValue<double>() + Math.Max(7e-5, 3e-5 * Math.Abs(value.GetValue<double>()))));
    }
}

using System.Text.Json;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

/// <summary>The recipes on the paper's four data sets and the real model, all stages, on a handful of questions and steps: the figures mean nothing, but nothing is left out.</summary>
public sealed class RealRecipeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("svamp")]
    [InlineData("asdiv")]
    [InlineData("gsm8k")]
    [InlineData("csqa")]
    public async Task Every_stage_runs_on_real_rationales_and_the_real_model(string data)
    {
        SharedFolder.PathOf("data", data, "train.jsonl");
        SharedFolder.PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");
        string[] small =
        [
            "dataset.limit=4", "rationales.perQuestion=1", "tokenWeights.predictorSteps=1", "tokenWeights.maskLearningSteps=1", "tokenWeights.batchSize=2", "tokenWeights.priceMoves=0", "schedule.clusters=2",
            "schedule.stagesPerEpoch=2", "distillation.epochs=1", "evaluation.splits=[test]", "evaluation.maximumNewTokens=6",
        ];
        var recipe = Path.Combine(SharedFolder.RepositoryRoot, "recipes", $"{data}-smollm2.yaml");
        string[] settings = [.. small.SelectMany(key => new[] { "--set", key })];

        // One step of mask learning gives weights of use by chance at most; a message about that is as good as weights, anything else is not.
        var weights = await KpodProcess.RunAsync(_folder.FullPath, ["weights", recipe, "--run", "r", "--json", .. settings]);
        Assert.True(weights.ExitCode == 0 || weights.Error.Contains("Mask learning gave no weights of use", StringComparison.Ordinal), weights.Error);
        var (code, output, error) = await KpodProcess.RunAsync(
            _folder.FullPath, ["run", recipe, "--run", "r", "--json", .. settings, .. weights.ExitCode == 0 ? Array.Empty<string>() : ["--set", "tokenWeights.source=uniform"]]);
        Assert.True(code == 0, error);
        using var figures = JsonDocument.Parse(output);
        Assert.Equal(["base", "student"], figures.RootElement.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("model").GetString()));
        Assert.Equal(
            ["questions", "rationales", "token weights (predictor)", "token weights", "step difficulty", "schedule", "student", "evaluation of base", "evaluation of student"],
            figures.RootElement.GetProperty("seconds").EnumerateObject().Select(stage => stage.Name));
        Assert.All(Directory.EnumerateFiles(_folder.PathOf("r"), "0*"), file => Assert.True(new FileInfo(file).Length > 0, file));
        Assert.Contains("</html>", File.ReadAllText(_folder.PathOf("r", "08-report.html")), StringComparison.Ordinal);
    }
}

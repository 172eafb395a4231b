using Kpod.Checkpoints;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.Tests.Checkpoints;

public sealed class GgufBrokenModelTests
{
    [Fact]
    public void Each_broken_model_gets_its_verdict()
    {
        var folder = SharedFolder.PathOf("fixtures", "gguf", "broken");
        var wrong = Verdict.ReadAll(Path.Combine(folder, "expected.json"))
            .Where(verdict => verdict.Level == "model")
            .Select(verdict => verdict.Judge(() => Load(Path.Combine(folder, verdict.Name)), TestContext.Current.TestOutputHelper))
            .OfType<string>();
        Assert.Empty(wrong);
    }

    private static void Load(string path)
    {
        using (var file = new GgufFile(path))
        {
            GgufVocabulary.Check(file.Metadata, GgufConfiguration.Read(file).VocabularySize);
        }

        CheckpointLoader.LoadModel(path, torch.ScalarType.Float32, torch.CPU).Dispose();
        if (Path.GetFileName(path).StartsWith("tokenizer_", StringComparison.Ordinal))
        {
            CheckpointLoader.Load(path, torch.ScalarType.Float32, torch.CPU).Dispose();
        }
    }
}

using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Export;
using Kpod.Testing;
using Kpod.Tokenizers.Conversion;

namespace Kpod.LanguageModels.Tests.Export;

/// <summary>A tiny published checkpoint with the tokenizer that its GGUF form carries, as a folder that loads whole.</summary>
internal static class TestStudent
{
    public static string Gguf(string name) => SharedFolder.PathOf("fixtures", "gguf", "models", $"{name}.gguf");

    public static string Variant(string name) => SharedFolder.PathOf("fixtures", "models", name);

    public static ExportReport Export(ExportOptions options) => ModelExporter.Export(options, tell: null, TestContext.Current.CancellationToken);

    public static string Folder(TemporaryFolder temporary, string variant, string gguf)
    {
        var folder = temporary.PathOf($"base-{variant}");
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "config.json", "generation_config.json", "model.safetensors" })
        {
            using var source = File.OpenRead(Path.Combine(Variant(variant), name));
            using var target = File.Create(Path.Combine(folder, name));
            source.CopyTo(target);
        }

        using var file = new GgufFile(Gguf(gguf));
        foreach (var (name, content) in TokenizerFromGguf.Convert(file.Metadata.Values, gguf, 512))
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }

        return folder;
    }
}

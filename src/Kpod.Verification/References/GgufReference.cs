using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.Tokenizers.Files;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>Holds a GGUF file against the JSON that describes it: types of its tensors, its tokenizer, logits, and where the weights are exact the checkpoint that it was made from.</summary>
/// <param name="report">Hears what is found.</param>
/// <param name="path">The GGUF file.</param>
/// <param name="description">The JSON.</param>
/// <param name="device">Where the model computes.</param>
internal sealed class GgufReference(ReportBuilder report, string path, string description, torch.Device device)
{
    // How many folders above the description may hold the checkpoints.
    private const int FoldersAbove = 4;

    private string FileName => Path.GetFileName(description);

    /// <summary>Checks what the description records.</summary>
    public void Check()
    {
        var root = RecordedValue.Read(description);
        using (var file = new GgufFile(path))
        {
            CheckTypes(root, file);
            CheckTokenizer(root, file);
        }

        CheckLogits();
        CheckCheckpoint(root);
        if (!report.HasChecks)
        {
            throw new KpodException($"{description}: records nothing to compare {path} with.");
        }
    }

    private void CheckTypes(RecordedValue root, GgufFile file)
    {
        if (root.Find("architecture") is { } architecture)
        {
            report.CompareExactly(FileName, "architecture", [architecture.Text()], [file.Metadata.Text("general.architecture") ?? string.Empty], _ => "general.architecture");
        }

        if (root.Find("tensor_types") is { } types)
        {
            string[] names = [.. types.Element.EnumerateObject().Select(property => property.Name).Union(file.Tensors.Keys).Order(StringComparer.Ordinal)];
            report.CompareExactly(
                FileName,
                "tensor_types",
                [.. names.Select(name => types.Find(name)?.Text() ?? "none")],
                [.. names.Select(name => file.Tensors.GetValueOrDefault(name)?.Type.Name ?? "none")],
                index => names[index]);
        }
    }

    private void CheckTokenizer(RecordedValue root, GgufFile file)
    {
        if (root.Find("tokenizer") is not { } tokenizer)
        {
            return;
        }

        var own = GgufTokenizer.Create(file.Metadata.Values, path);
        var cases = tokenizer["cases"].Items();
        report.CompareExactly(
            FileName,
            "tokenizer cases",
            [.. cases.Select(one => string.Join(' ', one["ids"].Integers()))],
            [.. cases.Select(one => string.Join(' ', own.Encode(one["text"].Text(), recogniseSpecialTokens: true).Select(token => token.Id)))],
            index => $"case {index}");
    }

    private void CheckLogits()
    {
        var logits = Path.ChangeExtension(description, null) + ".logits.safetensors";
        if (!File.Exists(logits))
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        using var model = CheckpointLoader.LoadModel(path, torch.ScalarType.Float32, device);
        using var numbers = new ReferenceNumbers(logits, Path.GetFileName(logits));
        new ForwardReference(report, numbers, model).Check();
        numbers.ReportUnread(report);
    }

    // Exact weights compute what the checkpoint computes, so all of its reference holds.
    private void CheckCheckpoint(RecordedValue root)
    {
        if (root.Find("weights_exact")?.Flag() != true)
        {
            return;
        }

        var variant = root.Find("variant")?.Text();
        if (variant is null || FindCheckpoint(variant) is not { } folder)
        {
            report.NotChecked(FileName, "weights_exact", $"the checkpoint '{variant}' is found in no folder above the description or the file; name its folder with --reference instead of the description");
            return;
        }

        CheckWeights(folder);
        new ModelReference(report, new ModelUnderTest(path, folder, device), folder).Check();
    }

    private void CheckWeights(string folder)
    {
        if (!File.Exists(Path.Combine(folder, HuggingFaceFolder.ConfigurationFile)))
        {
            report.NotChecked(FileName, "weights", $"{folder} holds numbers but no checkpoint");
            return;
        }

        using var model = CheckpointLoader.LoadModel(path, torch.ScalarType.Float32, torch.CPU);
        using var original = CheckpointLoader.LoadModel(folder, torch.ScalarType.Float32, torch.CPU);
        string[] wrong = [.. original.Weights.Where(weight => !model.Weights.Any(own => own.Key == weight.Key && AreSame(own.Value, weight.Value))).Select(weight => weight.Key)];
        report.Differing(FileName, "weights, bit for bit", wrong.Length, original.Weights.Count, wrong.FirstOrDefault() ?? string.Empty);
    }

    private static bool AreSame(torch.Tensor own, torch.Tensor original) => own.shape.SequenceEqual(original.shape) && own.bytes.SequenceEqual(original.bytes);

    private string? FindCheckpoint(string variant) => variant.AsSpan().IndexOfAny("/\\:\0") >= 0 || variant is "" or "." or ".." ? null
        : FoldersAround(description).Concat(FoldersAround(path))
            .SelectMany(folder => new[] { Path.Combine(folder, variant), Path.Combine(folder, "models", variant) }).FirstOrDefault(Directory.Exists);

    private static IEnumerable<string> FoldersAround(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        for (var level = 0; level < FoldersAbove && folder is not null; level++)
        {
            yield return folder;
            folder = Path.GetDirectoryName(folder);
        }
    }
}

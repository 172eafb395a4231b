using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.Verification.Tests;

/// <summary>A copy of recorded numbers in which some can be altered.</summary>
internal sealed partial class RecordedFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Copies a folder of reference numbers; model weights stay where they are.</summary>
    public RecordedFolder(string source)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith("model", StringComparison.Ordinal)))
        {
            var target = PathOf(Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public string FullPath => _folder.FullPath;

    public string PathOf(string file) => _folder.PathOf(file);

    /// <summary>Names of a file's tensors that are results, not inputs.</summary>
    public static string[] Results(string path)
    {
        using var file = new SafetensorsFile(path);
        return [.. file.Tensors.Keys.Where(name => !Input().IsMatch(name)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Moves one number of each of these tensors by three times the tolerance, or an id by one.</summary>
    public void Alter(string file, params string[] names)
    {
        using var scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> tensors;
        Dictionary<string, string> metadata;
        using (var stored = new SafetensorsFile(PathOf(file)))
        {
            tensors = stored.Tensors.Keys.ToDictionary(name => name, stored.Read);
            metadata = stored.Metadata.ToDictionary();
        }

        foreach (var name in names)
        {
            // inv_freq is compared number by number, so that the smallest must be noticed too.
            var flat = tensors[name].view(-1);
            var place = name == "inv_freq" ? flat.abs().argmin() : flat.abs().argmax();
            flat[place] = flat.is_floating_point() ? flat[place] * (1 + 3e-5) : flat[place] - 1;
        }

        SafetensorsWriter.Write(PathOf(file), tensors, metadata);
    }

    /// <summary>Replaces tensors of a file; null leaves one out.</summary>
    public void Replace(string file, string name, torch.Tensor? replacement)
    {
        using var scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> tensors;
        using (var stored = new SafetensorsFile(PathOf(file)))
        {
            tensors = stored.Tensors.Keys.ToDictionary(key => key, stored.Read);
        }

        tensors.Remove(name);
        if (replacement is not null)
        {
            tensors[name] = replacement;
        }

        SafetensorsWriter.Write(PathOf(file), tensors);
    }

    /// <summary>Rewrites a JSON file.</summary>
    public void AlterJson(string file, Action<JsonNode> alter)
    {
        var node = JsonNode.Parse(File.ReadAllText(PathOf(file)))!;
        alter(node);
        File.WriteAllText(PathOf(file), node.ToJsonString());
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"^((left_)?(input_ids|attention_mask)|labels|token_weights|decoder_input_ids|inputs_embeds|greedy_prompt_(ids|mask)|batch\d+\..*)$")]
    private static partial Regex Input();
}

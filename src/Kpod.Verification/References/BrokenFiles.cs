using System.Text.RegularExpressions;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.Tokenizers.Files;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>Reads files that are broken in known ways and holds the answer against the folder's <c>expected.json</c>: refused or accepted, and what the message must name.</summary>
internal static class BrokenFiles
{
    private const string ExpectedFile = "expected.json";

    /// <summary>Checks every entry of a folder, and of each folder in it that has an <c>expected.json</c> of its own.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="folder">The folder.</param>
    public static void Check(ReportBuilder report, string folder)
    {
        string[] folders = [.. Directory.EnumerateDirectories(folder).Where(sub => File.Exists(Path.Combine(sub, ExpectedFile))).Order(StringComparer.Ordinal)];
        if (!File.Exists(Path.Combine(folder, ExpectedFile)) && folders.Length == 0)
        {
            throw new KpodException($"{folder}: holds no {ExpectedFile}, which says of each file what is to be done with it.");
        }

        foreach (var place in File.Exists(Path.Combine(folder, ExpectedFile)) ? [folder, .. folders] : folders)
        {
            foreach (var entry in RecordedValue.Read(Path.Combine(place, ExpectedFile)).Items())
            {
                CheckEntry(report, place, entry, place == folder ? ExpectedFile : $"{Path.GetFileName(place)}/{ExpectedFile}");
            }
        }
    }

    private static void CheckEntry(ReportBuilder report, string folder, RecordedValue entry, string file)
    {
        var name = (entry.Find("file") ?? entry["folder"]).Text();
        var path = Path.Combine(folder, name);
        if (!Path.Exists(path))
        {
            throw entry.Wrong($"names {name}, which is not there");
        }

        if (ReaderOf(path, entry.Find("level")?.Text()) is not { } read)
        {
            report.NotChecked(file, name, "there is no reader for such a file");
            return;
        }

        var faults = new List<string>();
        if (entry.Find("level")?.Text() == "model")
        {
            // Broken as a model only: it can still be listed.
            faults.AddRange(Judge(name, "accept", [], () => ReadGguf(path)));
        }

        string[] mentions = entry.Find("message_should_mention") is { } list ? [.. list.Items().Select(item => item.Text())] : [];
        faults.AddRange(Judge(name, entry["expect"].Text(), mentions, read));
        report.Differing(file, name, faults.Count > 0 ? 1 : 0, 1, string.Join("; ", faults));
    }

    private static Action? ReaderOf(string path, string? level)
    {
        if (Directory.Exists(path))
        {
            return File.Exists(Path.Combine(path, HuggingFaceFolder.ConfigurationFile)) ? () => CheckpointLoader.LoadModel(path, torch.ScalarType.Float32, torch.CPU).Dispose() : () => ReadSafetensors(path);
        }

        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".gguf" when level == "model" => () => ReadGgufModel(path),
            ".gguf" => () => ReadGguf(path),
            ".safetensors" => () => ReadSafetensors(path),
            ".model" or ".json" => () => TokenizerFile.Load(path),
            _ => null,
        };
    }

    private static IEnumerable<string> Judge(string name, string expect, string[] mentions, Action read)
    {
        string? refusal = null;
        string? crash = null;
        try
        {
            read();
        }
        catch (KpodException exception)
        {
            refusal = exception.Message;
        }
        catch (Exception exception)
        {
            crash = $"{exception.GetType().Name}: {exception.Message}";
        }

        if (crash is not null)
        {
            return [$"it crashed with {crash}"];
        }

        if (refusal is null)
        {
            return expect == "reject" ? ["it was accepted, but must be refused"] : [];
        }

        if (expect == "accept")
        {
            return [$"it was refused, but must be accepted: {refusal}"];
        }

        // The file's own name must not count as a mention: path_absolute says "a" too.
        var message = refusal.Replace(name, string.Empty, StringComparison.Ordinal);
        return mentions.Where(word => !Mentions(message, word)).Select(word => $"the message does not mention {word}: {refusal}")
            .Concat(refusal.Contains(name, StringComparison.Ordinal) ? [] : [$"the message does not name the file: {refusal}"]);
    }

    // A single letter or digit is meant as a name or number of its own.
    private static bool Mentions(string message, string word) =>
        word.Length == 0 || Regex.IsMatch(message, char.IsLetterOrDigit(word[0]) ? $@"(?<!\w){Regex.Escape(word)}" : Regex.Escape(word));

    private static void ReadGguf(string path)
    {
        using var scope = torch.NewDisposeScope();
        using var file = new GgufFile(path);
        foreach (var name in file.Tensors.Keys)
        {
            file.Read(name);
        }
    }

    private static void ReadGgufModel(string path) => CheckpointLoader.Load(path, torch.ScalarType.Float32, torch.CPU).Dispose();

    private static void ReadSafetensors(string path)
    {
        using var scope = torch.NewDisposeScope();
        using var set = SafetensorsSet.Open(path);
        foreach (var name in set.Names)
        {
            set.Read(name);
        }
    }
}

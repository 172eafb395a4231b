using System.Collections;
using System.Text.Json;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Architectures;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.Tokenizers;
using Kpod.Tokenizers.Files;

namespace Kpod.LanguageModels.Inspection;

/// <summary>Looks into checkpoints, adapters and tokenizers without loading a weight.</summary>
public static class CheckpointInspector
{
    private const int LongestList = 8;

    /// <summary>Looks into a file or folder.</summary>
    /// <param name="path">A .gguf or .safetensors file, a tokenizer's file, a Hugging Face folder, a PEFT adapter's folder, or the folder of a run (its student).</param>
    /// <returns>What it holds. A model that is sound but not implemented is listed all the same, with the reason.</returns>
    /// <exception cref="KpodException">Nothing is there, it is damaged, or it is of no known kind; a pickle is refused with the reason.</exception>
    public static InspectedCheckpoint Inspect(string path) => Directory.Exists(path) ? InspectFolder(path) : File.Exists(path) ? InspectFile(path)
        : throw new KpodException($"{path}: there is no such file or folder.");

    private static InspectedCheckpoint InspectFolder(string folder)
    {
        if (File.Exists(Path.Combine(folder, HuggingFaceFolder.ConfigurationFile)))
        {
            return InspectModelFolder(folder);
        }

        if (File.Exists(Path.Combine(folder, PeftConfiguration.FileName)))
        {
            return InspectAdapter(folder);
        }

        return HasTokenizer(folder)
            ? new InspectedCheckpoint(folder, "tokenizer", new Dictionary<string, object>(), [], OfFolder(folder), Fault: null)
            : throw new KpodException($"{folder}: holds neither {HuggingFaceFolder.ConfigurationFile} (a model) nor {PeftConfiguration.FileName} (an adapter) nor a tokenizer; name one of its files.");
    }

    private static InspectedCheckpoint InspectFile(string path)
    {
        if (PickleFile.HasItsName(path))
        {
            throw PickleFile.Refusal(path);
        }

        using var file = new BinaryFile(path);
        var front = file.Front(ForeignFormat.BytesNeeded);
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            _ when front.AsSpan().StartsWith("GGUF"u8) => InspectGguf(path),
            ".GGUF" => InspectGguf(path),
            ".SAFETENSORS" => InspectSafetensors(path),
            ".MODEL" or ".JSON" => new InspectedCheckpoint(path, "tokenizer", new Dictionary<string, object>(), [], OfTokenizer(TokenizerFile.Load(path), Path.GetFileName(path), hasTemplate: false), Fault: null),
            _ => throw new KpodException($"{path}: is {ForeignFormat.Describe(front) ?? "of no kind that is known here"}. Files that can be looked into end in .gguf, .safetensors, .model or .json (a tokenizer)."),
        };
    }

    private static InspectedCheckpoint InspectGguf(string path)
    {
        using var file = new GgufFile(path);
        var tensors = file.Tensors.Values.Select(tensor => new InspectedTensor(tensor.Name, tensor.Shape, tensor.Type.Name, tensor.Bytes)).ToArray();
        var unreadable = file.Tensors.Values.FirstOrDefault(tensor => tensor.Type.Torch is null);
        var fault = FaultOf(() => GgufConfiguration.Read(file)) ?? (unreadable is null ? null : $"the tensor '{unreadable.Name}' is stored as {unreadable.Type.Name}, which cannot be read here");
        InspectedTokenizer? tokenizer = null;
        if (file.Metadata.Text("tokenizer.ggml.model") is { } model)
        {
            var kind = file.Metadata.Text("tokenizer.ggml.pre") is { } pre ? $"{model}, {pre}" : model;
            fault = FaultOf(() => tokenizer = OfTokenizer(GgufTokenizer.Create(file.Metadata.Values, path), kind, file.Metadata.Has("tokenizer.chat_template"))) ?? fault;
        }

        return new InspectedCheckpoint(path, $"GGUF file, version {file.Container.Version}", file.Metadata.Values.ToDictionary(pair => pair.Key, pair => Shorten(pair.Value)), tensors, tokenizer, fault);
    }

    private static InspectedCheckpoint InspectSafetensors(string path)
    {
        using var file = new SafetensorsFile(path);
        return new InspectedCheckpoint(path, "safetensors file", file.Metadata.ToDictionary(pair => pair.Key, pair => (object)pair.Value), [.. file.Tensors.Values.OrderBy(entry => entry.Begin).Select(Of)], Tokenizer: null, Fault: null);
    }

    private static InspectedCheckpoint InspectModelFolder(string folder)
    {
        var path = Path.Combine(folder, HuggingFaceFolder.ConfigurationFile);
        var fault = FaultOf(() => ModelArchitectures.Parse(JsonFile.ReadText(path), path));
        InspectedTokenizer? tokenizer = null;
        if (HasTokenizer(folder))
        {
            fault = FaultOf(() => tokenizer = OfFolder(folder)) ?? fault;
        }

        using var set = SafetensorsSet.Open(folder);
        return new InspectedCheckpoint(folder, "Hugging Face folder", Values(path), [.. set.Names.Order(StringComparer.Ordinal).Select(name => Of(set.EntryOf(name)))], tokenizer, fault);
    }

    private static InspectedCheckpoint InspectAdapter(string folder)
    {
        var path = Path.Combine(folder, PeftConfiguration.FileName);
        var configuration = Values(path);
        var isCausal = !configuration.TryGetValue("task_type", out var task) || !task.Equals("SEQ_2_SEQ_LM");
        var fault = FaultOf(() => PeftConfiguration.Read(path, isCausal));
        var weights = InspectSafetensors(Path.Combine(folder, PeftAdapter.WeightsFile));
        return weights with { Path = folder, Kind = "PEFT adapter", Configuration = configuration, Fault = fault };
    }

    private static InspectedTensor Of(SafetensorsEntry entry) => new(entry.Name, entry.Shape, entry.TypeName, entry.End - entry.Begin);

    private static bool HasTokenizer(string folder) => TokenizerFile.SentencePieceNames.Append(TokenizerFile.JsonName).Any(name => File.Exists(Path.Combine(folder, name)));

    private static InspectedTokenizer OfFolder(string folder)
    {
        var name = TokenizerFile.SentencePieceNames.Prepend(TokenizerFile.JsonName).First(candidate => File.Exists(Path.Combine(folder, candidate)));
        return OfTokenizer(TokenizerFile.Load(folder), name, Tokenizers.Conversion.ChatTemplateFile.Read(folder) is not null);
    }

    private static InspectedTokenizer OfTokenizer(Tokenizer tokenizer, string kind, bool hasTemplate)
    {
        return new InspectedTokenizer(
            kind, tokenizer.VocabularySize, Enumerable.Range(0, tokenizer.VocabularySize).Count(tokenizer.IsSpecial), Name(tokenizer.BeginId), Name(tokenizer.EndId), Name(tokenizer.PadId), Name(tokenizer.UnknownId),
            [.. tokenizer.IdsBefore.Select(id => Name(id)!)], [.. tokenizer.IdsAfter.Select(id => Name(id)!)], hasTemplate);
        string? Name(int? id) => id is { } known ? $"{tokenizer.FindPiece(known)} ({known})" : null;
    }

    private static string? FaultOf(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (KpodException fault)
        {
            return fault.Message;
        }
    }

    private static Dictionary<string, object> Values(string path)
    {
        using var document = JsonFile.ReadObject(path);
        return document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => Value(property.Value));
    }

    private static object Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        _ => value.Clone(),
    };

    private static object Shorten(object value) => value is not Array list ? value
        : list.Length <= LongestList ? ((IEnumerable)list).Cast<object>().ToArray()
        : $"{list.Length} of {list.GetType().GetElementType()!.Name}";
}

using System.Globalization;
using System.Text.Json;
using Kpod.Files;
using Kpod.LanguageModels.Checkpoints.Storage;

namespace Kpod.LanguageModels.Adapters;

/// <summary>The file <c>adapter_config.json</c> of PEFT.</summary>
internal static class PeftConfiguration
{
    /// <summary>Its name in a folder.</summary>
    public const string FileName = "adapter_config.json";

    // The release whose keys are written.
    private const string PeftVersion = "0.21.2";

    private const string AllLinears = "all-linear";

    private static readonly string[] Required = ["r", "target_modules"];

    /// <summary>Keys that say nothing about the numbers, whatever their value.</summary>
    private static readonly HashSet<string> WithoutEffect =
        ["inference_mode", "megatron_core", "qalora_group_size", "base_model_name_or_path", "revision", "auto_mapping", "peft_version"];

    /// <summary>Keys that are written with a neutral value, as PEFT does.</summary>
    private static readonly Dictionary<string, string> Neutral = new(StringComparer.Ordinal)
    {
        ["alora_invocation_tokens"] = "null",
        ["alpha_pattern"] = "{}",
        ["arrow_config"] = "null",
        ["auto_mapping"] = "null",
        ["bias"] = "\"none\"",
        ["corda_config"] = "null",
        ["ensure_weight_tying"] = "false",
        ["eva_config"] = "null",
        ["exclude_modules"] = "null",
        ["fan_in_fan_out"] = "false",
        ["inference_mode"] = "true",
        ["init_lora_weights"] = "true",
        ["kasa_config"] = "null",
        ["layer_replication"] = "null",
        ["layers_pattern"] = "null",
        ["layers_to_transform"] = "null",
        ["loftq_config"] = "{}",
        ["lora_bias"] = "false",
        ["lora_ga_config"] = "null",
        ["megatron_config"] = "null",
        ["megatron_core"] = "\"megatron.core\"",
        ["modules_to_save"] = "null",
        ["monteclora_config"] = "null",
        ["peft_type"] = "\"LORA\"",
        ["peft_version"] = $"\"{PeftVersion}\"",
        ["qalora_group_size"] = "16",
        ["rank_pattern"] = "{}",
        ["revision"] = "null",
        ["target_parameters"] = "null",
        ["trainable_token_indices"] = "null",
        ["use_bdlora"] = "null",
        ["use_dora"] = "false",
        ["use_qalora"] = "false",
        ["velora_config"] = "null",
    };

    /// <summary>Reads the shape of an adapter.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isCausal">Whether the model that it is for is causal.</param>
    /// <returns>The shape.</returns>
    /// <exception cref="KpodException">A key that changes the numbers is not supported, or a value is out of range; all faults are named.</exception>
    public static LoraOptions Read(string path, bool isCausal)
    {
        using var document = JsonFile.ReadObject(path);
        var faults = new List<string>();

        // PEFT's own default of lora_alpha, which is not ours.
        var options = new LoraOptions { Alpha = 8 };
        foreach (var property in document.RootElement.EnumerateObject())
        {
            options = With(options, property.Name, property.Value, isCausal, faults);
        }

        faults.AddRange(Required.Where(key => !document.RootElement.TryGetProperty(key, out _)).Select(key => $"the key {key} is missing"));
        faults.AddRange(faults.Count == 0 ? options.Check() : []);
        return faults.Count == 0 ? options : throw KpodException.FromFaults(path, faults);
    }

    /// <summary>Names every key of a sound file that asks for what is not supported here, where nothing else is wrong with it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isCausal">Whether the model that it is for is causal.</param>
    /// <returns>One message a key; empty where the file can be read, or is faulty.</returns>
    /// <exception cref="KpodException">The file is missing or no JSON object.</exception>
    public static IReadOnlyList<string> Unsupported(string path, bool isCausal)
    {
        using var document = JsonFile.ReadObject(path);
        var (refused, faults) = (new List<string>(), new List<string>());
        var options = new LoraOptions { Alpha = 8 };
        foreach (var property in document.RootElement.EnumerateObject())
        {
            var keyFaults = new List<string>();
            options = With(options, property.Name, property.Value, isCausal, keyFaults);
            (IsRead(property) ? faults : refused).AddRange(keyFaults);
        }

        faults.AddRange(Required.Where(key => !document.RootElement.TryGetProperty(key, out _)));
        return faults.Count == 0 && !options.Check().Any() ? refused : [];

        // A regular expression as target is sound, too.
        static bool IsRead(JsonProperty property) =>
            property.Name is "r" or "lora_alpha" or "lora_dropout" || (property.Name == "target_modules" && property.Value.ValueKind != JsonValueKind.String);
    }

    /// <summary>Writes the shape of an adapter with the keys that PEFT writes, atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The shape.</param>
    /// <param name="targets">Last components of the names of the adapted linear maps.</param>
    /// <param name="isCausal">Whether the model is causal.</param>
    /// <param name="baseModelName">Where PEFT is to find the base model: a folder or a name on the hub.</param>
    public static void Write(string path, LoraOptions options, IEnumerable<string> targets, bool isCausal, string baseModelName)
    {
        var values = new SortedDictionary<string, string>(Neutral, StringComparer.Ordinal)
        {
            ["base_model_name_or_path"] = JsonArtefact.ToLine(baseModelName),
            ["lora_alpha"] = (options.Alpha ?? options.Rank).ToString(CultureInfo.InvariantCulture),
            ["lora_dropout"] = options.Dropout.ToString("0.0################", CultureInfo.InvariantCulture),
            ["r"] = options.Rank.ToString(CultureInfo.InvariantCulture),
            ["target_modules"] = JsonArtefact.ToLine(targets.Order(StringComparer.Ordinal)),
            ["task_type"] = $"\"{TaskType(isCausal)}\"",
            ["use_rslora"] = options.RankStabilised ? "true" : "false",
        };
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream, JsonFile.WriterOptions);
            json.WriteStartObject();
            foreach (var (key, value) in values)
            {
                json.WritePropertyName(key);
                if (value is ['{' or '[', _, _, ..])
                {
                    using var document = JsonDocument.Parse(value);
                    document.RootElement.WriteTo(json);
                }
                else
                {
                    json.WriteRawValue(value);
                }
            }

            json.WriteEndObject();
        });
    }

    private static LoraOptions With(LoraOptions options, string key, JsonElement value, bool isCausal, List<string> faults)
    {
        switch (key)
        {
            case "r":
                return options with { Rank = Integer(key, value, faults) };
            case "lora_alpha":
                return options with { Alpha = Number(key, value, faults) };
            case "lora_dropout":
                return options with { Dropout = Number(key, value, faults) };
            case "use_rslora" when value.ValueKind is JsonValueKind.True:
                return options with { RankStabilised = true };
            case "target_modules":
                return options with { Targets = Targets(value, faults) };
            default:
                faults.AddRange(Refuse(key, value, isCausal));
                return options;
        }
    }

    private static string TaskType(bool isCausal) => isCausal ? "CAUSAL_LM" : "SEQ_2_SEQ_LM";

    private static IEnumerable<string> Refuse(string key, JsonElement value, bool isCausal)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var supported = key switch
        {
            "peft_type" => text == "LORA",
            "task_type" => value.ValueKind == JsonValueKind.Null || text == TaskType(isCausal),
            "bias" => text == "none" || IsNeutral(value),

            // Other ways to begin (pissa, olora, loftq, …) change the base weights as well.
            "init_lora_weights" => value.ValueKind is JsonValueKind.True or JsonValueKind.False || text is "gaussian" or "orthogonal",
            _ => WithoutEffect.Contains(key) || IsNeutral(value),
        };
        if (!supported)
        {
            yield return $"{key} is {Shorten(value.GetRawText())}, which is not supported here; {key switch
            {
                "peft_type" => "only LORA adapters are read",
                "task_type" => $"this model needs {TaskType(isCausal)}",
                _ => "it may change what the adapter computes. Merge the adapter with PEFT and use the merged model",
            }}";
        }
    }

    private static bool IsNeutral(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static int Integer(string key, JsonElement value, List<string> faults)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number))
        {
            return number;
        }

        faults.Add($"{key} is {Shorten(value.GetRawText())}; it must be a whole number");
        return 1;
    }

    private static double Number(string key, JsonElement value, List<string> faults)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number))
        {
            return number;
        }

        faults.Add($"{key} is {Shorten(value.GetRawText())}; it must be a number");
        return 1;
    }

    private static IReadOnlyList<string> Targets(JsonElement value, List<string> faults)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() == AllLinears)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString()!.Length > 0))
        {
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        }

        faults.Add($"target_modules is {Shorten(value.GetRawText())}; it must be a list of module names or \"{AllLinears}\" (regular expressions are not supported)");
        return [];
    }

    private static string Shorten(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 80 ? line : line[..77] + "...";
    }
}

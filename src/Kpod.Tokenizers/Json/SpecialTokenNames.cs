using System.Text.Json;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.Json;

/// <summary>
/// Which tokens play which part, and whether they are added, as <c>tokenizer_config.json</c> or else <c>special_tokens_map.json</c> says.
/// Where no file names a token, the post-processor's tokens and then the usual names are taken.
/// </summary>
internal sealed record SpecialTokenNames
{
    /// <summary>The file that says how a tokenizer is used.</summary>
    public const string ConfigName = "tokenizer_config.json";

    private static readonly string[] UsualBegin = ["<s>", "<|begin_of_text|>", "<bos>"];
    private static readonly string[] UsualEnd = ["</s>", "<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|endoftext|>", "<eos>"];
    private static readonly string[] UsualPad = ["<pad>", "[PAD]"];

    /// <summary>Whether a file beside the tokenizer names its tokens; a part that such a file leaves out has no token.</summary>
    public bool AreStated { get; init; }

    /// <summary>The begin token.</summary>
    public string? Begin { get; init; }

    /// <summary>The end token.</summary>
    public string? End { get; init; }

    /// <summary>The padding token.</summary>
    public string? Pad { get; init; }

    /// <summary>The unknown token.</summary>
    public string? Unknown { get; init; }

    /// <summary>Every token that the files name, by its key (<c>bos_token</c>, <c>cls_token</c>, those of a model's own): what a chat template may call.</summary>
    public IReadOnlyDictionary<string, string> Named { get; init; } = new Dictionary<string, string>();

    /// <summary>The further special tokens, which have no key each.</summary>
    public IReadOnlyList<string> Additional { get; init; } = [];

    /// <summary>The tokenizer's class in transformers; null where it is not named.</summary>
    public string? ClassName { get; init; }

    /// <summary>Whether the begin token is added; null: not said.</summary>
    public bool? AddsBegin { get; init; }

    /// <summary>Whether the end token is added; null: not said.</summary>
    public bool? AddsEnd { get; init; }

    /// <summary>Reads the files beside a tokenizer.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>What they say; nothing where there are none.</returns>
    public static SpecialTokenNames ReadFolder(string folder)
    {
        var names = new SpecialTokenNames();
        foreach (var file in new[] { ConfigName, "special_tokens_map.json" })
        {
            var path = Path.Combine(folder, file);
            if (!File.Exists(path))
            {
                continue;
            }

            var root = LocatedJson.ReadFile(path);
            names = new SpecialTokenNames
            {
                AreStated = true,
                Begin = names.Begin ?? Name(root["bos_token"]),
                End = names.End ?? Name(root["eos_token"]),
                Pad = names.Pad ?? Name(root["pad_token"]),
                Unknown = names.Unknown ?? Name(root["unk_token"]),
                AddsBegin = names.AddsBegin ?? Flag(root["add_bos_token"]),
                AddsEnd = names.AddsEnd ?? Flag(root["add_eos_token"]),
                Named = Joined(names.Named, AllNamed(root)),
                Additional = [.. names.Additional, .. Listed(root["additional_special_tokens"]), .. Listed(root["extra_special_tokens"])],
                ClassName = names.ClassName ?? Name(root["tokenizer_class"]),
            };
        }

        return names;
    }

    /// <summary>Finds the ids.</summary>
    /// <param name="find">Finds a token by its text.</param>
    /// <param name="post">What the tokenizer adds by itself.</param>
    /// <param name="unknownId">The model's own unknown token.</param>
    /// <returns>The ids; null where there is no such token.</returns>
    public SpecialTokenIds Resolve(Func<string, int?> find, PostProcessor post, int? unknownId)
    {
        return AreStated
            ? new SpecialTokenIds(Find(Begin), Find(End), Find(Pad), Find(Unknown) ?? unknownId)
            : new SpecialTokenIds(
            post.Before.Count > 0 ? post.Before[0] : FirstOf(UsualBegin),
            post.After.Count > 0 ? post.After[^1] : FirstOf(UsualEnd),
            FirstOf(UsualPad),
            unknownId);

        int? Find(string? name) => name is null ? null : find(name);
        int? FirstOf(string[] usual) => usual.Select(find).FirstOrDefault(id => id is not null);
    }

    private static string? Name(LocatedJson value) => value.IsNull ? null
        : value.Element.ValueKind == System.Text.Json.JsonValueKind.Object ? value["content"].AsString()
        : value.AsString();

    // A model may have special tokens with keys of its own, such as image_token; they are bound as the usual ones are.
    private static IEnumerable<(string Key, string Token)> AllNamed(LocatedJson root)
    {
        var own = root["extra_special_tokens"];
        var members = root.Members().Concat(own.Element.ValueKind == JsonValueKind.Object ? own.Members() : []);
        return members.Where(member => member.Key.EndsWith("_token", StringComparison.Ordinal) && member.Value.Element.ValueKind is JsonValueKind.String or JsonValueKind.Object)
            .Select(member => (member.Key, Name(member.Value)!));
    }

    private static Dictionary<string, string> Joined(IReadOnlyDictionary<string, string> first, IEnumerable<(string Key, string Token)> second)
    {
        var all = new Dictionary<string, string>(first, StringComparer.Ordinal);
        foreach (var (key, token) in second)
        {
            all.TryAdd(key, token);
        }

        return all;
    }

    private static IEnumerable<string> Listed(LocatedJson value) => value.Element.ValueKind == JsonValueKind.Array ? value.Items().Select(item => Name(item)!) : [];

    private static bool? Flag(LocatedJson value) => value.IsNull ? null : value.AsBoolean(absent: false);
}

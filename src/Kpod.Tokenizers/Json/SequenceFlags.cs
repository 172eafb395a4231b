using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.Json;

/// <summary>
/// What <c>add_bos_token</c> and <c>add_eos_token</c> of <c>tokenizer_config.json</c> do beside a <c>tokenizer.json</c>: some classes of transformers build the post-processor anew after them, the others
/// leave it as it is.
/// </summary>
internal static class SequenceFlags
{
    private static readonly string[] Following = ["LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer", "CohereTokenizer"];

    /// <summary>Applies the flags.</summary>
    /// <param name="post">The post-processor of <c>tokenizer.json</c>.</param>
    /// <param name="names">The flags and the class.</param>
    /// <param name="special">The ids of the begin and end token.</param>
    /// <param name="place">The file with the flags, for errors.</param>
    /// <param name="remarks">Takes a sentence where a flag contradicts the post-processor and is not followed.</param>
    /// <returns>The post-processor that holds.</returns>
    /// <exception cref="KpodException">A token shall be added that there is not.</exception>
    public static PostProcessor Apply(PostProcessor post, SpecialTokenNames names, SpecialTokenIds special, string place, List<string> remarks)
    {
        if (names.AddsBegin is null && names.AddsEnd is null)
        {
            return post;
        }

        if (!Following.Contains(BareClass(names.ClassName)))
        {
            remarks.AddRange(new[] { Remark(names.AddsBegin, "add_bos_token", post.Before, special.Begin), Remark(names.AddsEnd, "add_eos_token", post.After, special.End) }.OfType<string>()
                .Select(remark => $"{place}: {remark}, as in transformers where tokenizer_class is {names.ClassName ?? "not given"}."));
            return post;
        }

        return post with
        {
            Before = Added(names.AddsBegin ?? special.Begin is not null, special.Begin, "add_bos_token", "bos_token", place),
            After = Added(names.AddsEnd ?? false, special.End, "add_eos_token", "eos_token", place),
        };
    }

    private static string? BareClass(string? name) => name is not null && name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^"Fast".Length] : name;

    private static int[] Added(bool isAdded, int? id, string flag, string name, string place) => !isAdded ? []
        : id is { } known ? [known]
        : throw new KpodException($"{place}: {flag} is true, but {name} is missing or no token of the tokenizer, so none can be added.");

    private static string? Remark(bool? flag, string key, IReadOnlyList<int> added, int? id)
    {
        var adds = id is { } known && added.Contains(known);
        return flag is null || flag == adds || (id is null && flag == false) ? null
            : $"{key} is {(flag.Value ? "true" : "false")}, but tokenizer.json {(adds ? "adds the token" : "does not add the token")}; tokenizer.json is followed";
    }
}

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>Translates between the names of tensors in GGUF files and the published (Hugging Face) ones. Only the first number of a name, that of the block, varies.</summary>
internal sealed class GgufNames
{
    private const string Number = "{}";

    private static readonly (string Gguf, string Published)[] LlamaModules =
    [
        ("token_embd", "model.embed_tokens"),
        ("output_norm", "model.norm"),
        ("output", "lm_head"),
        ("blk.{}.attn_norm", "model.layers.{}.input_layernorm"),
        ("blk.{}.attn_q", "model.layers.{}.self_attn.q_proj"),
        ("blk.{}.attn_k", "model.layers.{}.self_attn.k_proj"),
        ("blk.{}.attn_v", "model.layers.{}.self_attn.v_proj"),
        ("blk.{}.attn_output", "model.layers.{}.self_attn.o_proj"),
        ("blk.{}.attn_q_norm", "model.layers.{}.self_attn.q_norm"),
        ("blk.{}.attn_k_norm", "model.layers.{}.self_attn.k_norm"),
        ("blk.{}.ffn_norm", "model.layers.{}.post_attention_layernorm"),
        ("blk.{}.ffn_gate", "model.layers.{}.mlp.gate_proj"),
        ("blk.{}.ffn_up", "model.layers.{}.mlp.up_proj"),
        ("blk.{}.ffn_down", "model.layers.{}.mlp.down_proj"),
    ];

    private readonly Dictionary<string, string> _published;
    private readonly Dictionary<string, string> _gguf;

    private GgufNames(IReadOnlyList<(string Gguf, string Published)> modules)
    {
        _published = modules.ToDictionary(module => module.Gguf, module => module.Published, StringComparer.Ordinal);
        _gguf = modules.ToDictionary(module => module.Published, module => module.Gguf, StringComparer.Ordinal);
    }

    /// <summary>The LLaMA family: architectures llama, qwen2, qwen3.</summary>
    public static GgufNames Llama { get; } = new(LlamaModules);

    /// <summary>T5.</summary>
    /// <param name="gated">Whether the feed-forward has a gate; the map without gate is called otherwise.</param>
    /// <returns>The names.</returns>
    public static GgufNames T5(bool gated) => new(
    [
        ("token_embd", "shared"),
        ("output", "lm_head"),
        ("enc.output_norm", "encoder.final_layer_norm"),
        ("dec.output_norm", "decoder.final_layer_norm"),
        .. T5Attention("enc", "attn", "encoder.block.{}.layer.0", "SelfAttention"),
        .. T5FeedForward("enc", "encoder.block.{}.layer.1", gated),
        .. T5Attention("dec", "attn", "decoder.block.{}.layer.0", "SelfAttention"),
        .. T5Attention("dec", "cross_attn", "decoder.block.{}.layer.1", "EncDecAttention"),
        .. T5FeedForward("dec", "decoder.block.{}.layer.2", gated),
    ]);

    /// <summary>The published name of a tensor.</summary>
    /// <param name="gguf">Its name in the file, such as <c>blk.3.attn_q.weight</c>.</param>
    /// <returns>Such as <c>model.layers.3.self_attn.q_proj.weight</c>; null where the architecture has no such tensor.</returns>
    public string? Published(string gguf) => Translate(gguf, _published);

    /// <summary>The name of a weight in a file.</summary>
    /// <param name="published">Its published name.</param>
    /// <returns>Null where files have no name for it.</returns>
    public string? Gguf(string published) => Translate(published, _gguf);

    private static IEnumerable<(string Gguf, string Published)> T5Attention(string stack, string attention, string layer, string module)
    {
        foreach (var map in new[] { "q", "k", "v", "o" })
        {
            yield return ($"{stack}.blk.{{}}.{attention}_{map}", $"{layer}.{module}.{map}");
        }

        yield return ($"{stack}.blk.{{}}.{attention}_rel_b", $"{layer}.{module}.relative_attention_bias");
        yield return ($"{stack}.blk.{{}}.{attention}_norm", $"{layer}.layer_norm");
    }

    private static IEnumerable<(string Gguf, string Published)> T5FeedForward(string stack, string layer, bool gated)
    {
        if (gated)
        {
            yield return ($"{stack}.blk.{{}}.ffn_gate", $"{layer}.DenseReluDense.wi_0");
        }

        yield return ($"{stack}.blk.{{}}.ffn_up", $"{layer}.DenseReluDense.{(gated ? "wi_1" : "wi")}");
        yield return ($"{stack}.blk.{{}}.ffn_down", $"{layer}.DenseReluDense.wo");
        yield return ($"{stack}.blk.{{}}.ffn_norm", $"{layer}.layer_norm");
    }

    private static string? Translate(string name, Dictionary<string, string> modules)
    {
        var end = name.LastIndexOf('.');
        if (end < 0 || name[end..] is not (".weight" or ".bias"))
        {
            return null;
        }

        var parts = name[..end].Split('.');
        var block = Array.FindIndex(parts, part => part.Length > 0 && part.All(char.IsAsciiDigit));
        var number = string.Empty;
        if (block >= 0)
        {
            (number, parts[block]) = (parts[block], Number);
        }

        return modules.TryGetValue(string.Join('.', parts), out var module) ? module.Replace(Number, number, StringComparison.Ordinal) + name[end..] : null;
    }
}

using Kpod.LanguageModels.T5;

namespace Kpod.LanguageModels.Checkpoints;

/// <summary>Weights of a checkpoint that its model did not take: some are known to be superfluous, any other means that the model is not the one that was stored.</summary>
internal static class UnusedWeights
{
    private const int MostNamed = 3;

    /// <summary>Checks what is left after a model was built.</summary>
    /// <param name="path">The checkpoint, for the message.</param>
    /// <param name="configuration">The model's shape.</param>
    /// <param name="untaken">The names that are left.</param>
    /// <exception cref="KpodException">A weight is left that would change what the model computes.</exception>
    public static void Refuse(string path, ModelConfiguration configuration, IReadOnlyList<string> untaken)
    {
        var unknown = untaken.Where(name => !IsSuperfluous(name, configuration)).ToList();
        if (unknown.Count > 0)
        {
            var named = string.Join(", ", unknown.Take(MostNamed).Select(name => $"'{name}'")) + (unknown.Count > MostNamed ? ", …" : string.Empty);
            throw new KpodException($"{path}: {unknown.Count} weights ({named}) have no place in a model of the configuration, so it would not compute what was stored. The configuration belongs to another model, or to a variant that is not implemented.");
        }
    }

    // What old checkpoints hold beside their weights; transformers passes it over, too.
    private static bool IsSuperfluous(string name, ModelConfiguration configuration) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || (configuration is T5Configuration && name == "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight");
}

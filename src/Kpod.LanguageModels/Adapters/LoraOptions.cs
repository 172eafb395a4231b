namespace Kpod.LanguageModels.Adapters;

/// <summary>The shape of a LoRA adapter (Hu et al., 2022): which linear maps get a low-rank update, of what rank and strength.</summary>
public sealed record LoraOptions
{
    /// <summary>Rank of each update. The paper: 64 for LLaMA-7B, 128 for FlanT5-XL. Higher learns more and costs memory.</summary>
    [AtMost(8192)]
    public int Rank { get; init; } = 64;

    /// <summary>Strength of the updates; null for the rank, so that the scaling is 1. The paper does not say.</summary>
    public double? Alpha { get; init; }

    /// <summary>
    /// Which linear maps: the last component of a name, such as <c>q_proj</c>, or more of its end, such as <c>self_attn.q_proj</c>; always whole components.
    /// Empty for every linear map of every block. The paper does not say.
    /// </summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Whether updates are scaled by alpha / √rank instead of alpha / rank (rsLoRA, Kalajdzievski, 2023).</summary>
    public bool RankStabilised { get; init; }

    /// <summary>Dropout in front of the updates, in [0, 1). It is read, kept and written with the adapter, but training here applies none.</summary>
    public double Dropout { get; init; }

    /// <summary>What each update B (A x) is multiplied by.</summary>
    public double Scaling => (Alpha ?? Rank) / (RankStabilised ? Math.Sqrt(Rank) : Rank);

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        if (Rank < 1)
        {
            yield return $"the LoRA rank is {Rank}; it must be 1 or more";
        }

        if (Alpha is { } alpha && !(alpha > 0 && double.IsFinite(alpha)))
        {
            yield return $"the LoRA alpha is {alpha}; it must be above 0";
        }

        if (!(Dropout is >= 0 and < 1))
        {
            yield return $"the LoRA dropout is {Dropout}; it must lie in [0, 1)";
        }
    }

    /// <summary>Whether a linear map gets an update.</summary>
    /// <param name="name">Its published name.</param>
    /// <returns>True if a target matches it, or if there are no targets.</returns>
    internal bool Selects(string name) => Targets.Count == 0 || Targets.Any(target => Matches(target, name));

    /// <summary>Whether a target is the end of a name, in whole components.</summary>
    /// <param name="target">Such as <c>o</c>.</param>
    /// <param name="name">Such as <c>decoder.block.0.layer.0.SelfAttention.o</c>; <c>…wo</c> does not match.</param>
    /// <returns>True if it matches.</returns>
    internal static bool Matches(string target, string name) =>
        name.EndsWith(target, StringComparison.Ordinal) && (name.Length == target.Length || name[^(target.Length + 1)] == '.');
}

namespace Kpod.Tokenizers;

/// <summary>What happens to the tokens of a whole text.</summary>
/// <param name="Before">Ids that are put in front when special tokens are asked for.</param>
/// <param name="After">Ids that are put behind.</param>
/// <param name="OffsetTrims">Passes that take spaces out of the spans of byte-level tokens; each says whether the first token's space was only added.</param>
internal sealed record PostProcessor(IReadOnlyList<int> Before, IReadOnlyList<int> After, IReadOnlyList<bool> OffsetTrims)
{
    /// <summary>Adds nothing and trims nothing.</summary>
    public static PostProcessor None { get; } = new([], [], []);
}

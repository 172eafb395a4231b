namespace Kpod.Tokenizers.Tokens;

/// <summary>The tokens with a part to play.</summary>
/// <param name="Begin">Begins a sequence.</param>
/// <param name="End">Ends a sequence.</param>
/// <param name="Pad">Fills batches up.</param>
/// <param name="Unknown">Stands for what cannot be spelt.</param>
internal sealed record SpecialTokenIds(int? Begin, int? End, int? Pad, int? Unknown);

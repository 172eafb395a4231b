namespace Kpod.LanguageModels.Inspection;

/// <summary>A tokenizer in figures.</summary>
/// <param name="Kind">Where it is read from and how it spells.</param>
/// <param name="Tokens">Number of ids.</param>
/// <param name="Special">Number of special tokens.</param>
/// <param name="Begin">The token that begins a sequence, with its id; null for none. Likewise the next three.</param>
/// <param name="End">Ends a sequence.</param>
/// <param name="Pad">Fills batches up.</param>
/// <param name="Unknown">Stands for what cannot be spelt.</param>
/// <param name="Before">Tokens that it puts in front of a text.</param>
/// <param name="After">Tokens that it puts behind a text.</param>
/// <param name="ChatTemplate">Whether a chat template comes with it.</param>
public sealed record InspectedTokenizer(
    string Kind, int Tokens, int Special, string? Begin, string? End, string? Pad, string? Unknown, IReadOnlyList<string> Before, IReadOnlyList<string> After, bool ChatTemplate);

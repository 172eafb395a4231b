namespace Kpod.Tokenizers.SentencePiece;

/// <summary>A text as SentencePiece normalizes it.</summary>
/// <param name="Characters">The text.</param>
/// <param name="Origins">For each unit, and for the end, where in the original text it comes from.</param>
internal readonly record struct NormalizedText(ReadOnlyMemory<char> Characters, ReadOnlyMemory<int> Origins);

using Kpod.Tokenizers.Normalization;

namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>A text and the pieces that it is cut into; what lies in no piece is dropped.</summary>
/// <param name="Text">The text.</param>
/// <param name="Pieces">The pieces in order, none empty.</param>
internal readonly record struct SplitText(AlignedText Text, List<TextRange> Pieces);

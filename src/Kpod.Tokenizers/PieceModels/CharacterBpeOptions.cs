namespace Kpod.Tokenizers.PieceModels;

/// <summary>What a character BPE does with characters that its vocabulary lacks.</summary>
/// <param name="UnknownId">The token for them; null: they are dropped.</param>
/// <param name="FuseUnknown">Whether neighbouring ones become one token.</param>
/// <param name="ByteFallback">Whether they are spelt in byte tokens such as <c>&lt;0xE2&gt;</c> first.</param>
/// <param name="WholePieceFirst">Whether a piece that is in the vocabulary is that token, whatever the merges say (<c>ignore_merges</c>).</param>
internal sealed record CharacterBpeOptions(int? UnknownId, bool FuseUnknown, bool ByteFallback, bool WholePieceFirst);

using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.PreTokenizers;

namespace Kpod.Tokenizers.Json;

/// <summary>What the key <c>model</c> says.</summary>
/// <param name="Vocabulary">The pieces.</param>
/// <param name="Model">Spells pieces of text.</param>
/// <param name="PreTokenizers">Cut the text before.</param>
/// <param name="UnknownId">The token for what cannot be spelt, or null.</param>
internal sealed record TokenizerModel(Vocabulary Vocabulary, IPieceModel Model, IReadOnlyList<IPreTokenizer> PreTokenizers, int? UnknownId);

using System.Text;

namespace Kpod.Tokenizers.Normalization;

/// <summary>One character that a normalizer writes, and what becomes of the input.</summary>
/// <param name="Character">The character written.</param>
/// <param name="Change">1: it is inserted; 0: it replaces the input character at the cursor; -n: it replaces that one and the n after it are removed.</param>
internal readonly record struct CharacterChange(Rune Character, int Change);

namespace Kpod.LanguageModels.Quantisation;

/// <summary>Turns whole blocks of a quantised type to numbers.</summary>
/// <param name="blocks">Blocks, one behind the other.</param>
/// <param name="values">As many elements as the blocks hold.</param>
internal delegate void BlockDecoder(ReadOnlySpan<byte> blocks, Span<float> values);

using Kpod.LanguageModels.Layers;

namespace Kpod.LanguageModels.Llama;

/// <summary>What a block of a LLaMA consists of while one text is written: its norms in float32 and its packed maps.</summary>
/// <param name="AttentionNorm">Weight of the norm before attention.</param>
/// <param name="QueryNorm">Weight of the norm of each query head, or null.</param>
/// <param name="KeyNorm">Weight of the norm of each key head, or null.</param>
/// <param name="FeedForwardNorm">Weight of the norm before the feed-forward part.</param>
/// <param name="QueryKeyValue">Maps to queries, keys and values.</param>
/// <param name="Output">Map from attention back into the stream.</param>
/// <param name="GateUp">Maps to gate and up.</param>
/// <param name="Down">Map from the feed-forward part back into the stream.</param>
internal sealed record LlamaRowLayer(
    float[] AttentionNorm, float[]? QueryNorm, float[]? KeyNorm, float[] FeedForwardNorm, PackedMap QueryKeyValue, PackedMap Output, PackedMap GateUp, PackedMap Down);

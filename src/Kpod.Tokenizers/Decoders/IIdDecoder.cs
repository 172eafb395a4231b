namespace Kpod.Tokenizers.Decoders;

/// <summary>Turns ids back into text.</summary>
internal interface IIdDecoder
{
    /// <summary>Decodes.</summary>
    /// <param name="ids">The ids; one without a token is passed over.</param>
    /// <param name="keepSpecialTokens">Whether special tokens appear as they are spelt.</param>
    /// <returns>The text.</returns>
    string Decode(IReadOnlyList<int> ids, bool keepSpecialTokens);
}

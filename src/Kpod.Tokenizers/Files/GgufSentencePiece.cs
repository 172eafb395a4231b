using Kpod.Tokenizers.SentencePiece;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.Files;

/// <summary>Makes the SentencePiece tokenizer that a GGUF file carries (LLaMA's BPE, T5's Unigram).</summary>
internal static class GgufSentencePiece
{
    /// <summary>Makes the tokenizer.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="algorithm">How it spells.</param>
    /// <param name="place">The file, for errors.</param>
    /// <returns>The tokenizer.</returns>
    public static Tokenizer Create(GgufTokenizerMetadata metadata, SentencePieceAlgorithm algorithm, string place)
    {
        const string Prefix = GgufTokenizer.Prefix;
        var isBpe = algorithm == SentencePieceAlgorithm.Bpe;
        var pieces = metadata.Required<string[]>(Prefix + "tokens");
        metadata.Required<float[]>(Prefix + "scores");
        metadata.Required<int[]>(Prefix + "token_type");
        var scores = metadata.OptionalList<float>(Prefix + "scores", pieces.Length)!;
        var types = metadata.OptionalList<int>(Prefix + "token_type", pieces.Length)!;
        var entries = pieces.Select((piece, id) => new SentencePieceEntry(piece, scores[id], (PieceType)types[id])).ToList();
        var model = new SentencePieceModel
        {
            Pieces = entries,
            Algorithm = algorithm,
            CharacterMap = metadata.Optional<byte[]>(Prefix + "precompiled_charsmap") ?? [],
            AddsDummyPrefix = metadata.Flag(Prefix + "add_space_prefix") ?? true,
            RemovesExtraSpaces = metadata.Flag(Prefix + "remove_extra_whitespaces") ?? false,
            ByteFallback = isBpe && entries.Count(entry => entry.Type == PieceType.Byte) >= byte.MaxValue + 1,
        };
        var faults = model.Check().ToList();
        if (faults.Count > 0)
        {
            throw KpodException.FromFaults($"{place}: {Prefix}tokens", faults);
        }

        var ids = new SpecialTokenIds(Id("bos_token_id"), Id("eos_token_id"), Id("padding_token_id"), model.UnknownId);
        var roles = new SentencePieceRoles(ids, metadata.Flag(Prefix + "add_bos_token") ?? isBpe, metadata.Flag(Prefix + "add_eos_token") ?? !isBpe);
        return SentencePieceTokenizer.Create(model, [], _ => roles, $"{place}: {Prefix}tokens");

        int? Id(string key) => metadata.Id(Prefix + key, pieces.Length);
    }
}

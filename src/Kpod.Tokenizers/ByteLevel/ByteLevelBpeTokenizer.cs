using Kpod.Tokenizers.Decoders;
using Kpod.Tokenizers.Normalization;
using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.PreTokenizers;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.ByteLevel;

/// <summary>Makes byte-level BPE tokenizers (GPT-2, Llama 3, Qwen2, SmolLM2) from plain lists.</summary>
internal static class ByteLevelBpeTokenizer
{
    /// <summary>The 256 symbols that stand for bytes, in order of byte: the first pieces of a vocabulary that can spell everything.</summary>
    public static IReadOnlyList<string> ByteSymbols { get; } =
        [.. Enumerable.Range(0, 256).Select(value => ByteLevelAlphabet.SymbolOf((byte)value).ToString())];

    /// <summary>Writes a text in the byte-level alphabet, one symbol for each UTF-8 byte; <c>Ġ</c> is a space.</summary>
    /// <param name="text">A text.</param>
    /// <returns>The symbols.</returns>
    public static string Spell(string text) => ByteLevelAlphabet.Spell(text);

    /// <summary>Cuts a text as a tokenizer does before merging, for training one on it.</summary>
    /// <param name="text">A text; well-formed UTF-16.</param>
    /// <param name="split">How it is cut.</param>
    /// <returns>The pieces, not yet in the byte-level alphabet.</returns>
    public static IReadOnlyList<string> Cut(string text, ByteLevelSplit split)
    {
        ArgumentNullException.ThrowIfNull(text);
        var aligned = new AlignedText(text.AsMemory(), 0);
        aligned = split == ByteLevelSplit.Qwen2 ? new UnicodeNormalizer(UnicodeForm.Nfc).Normalize(aligned) : aligned;
        var start = new SplitText(aligned, aligned.Length == 0 ? [] : [new TextRange(0, aligned.Length)]);
        var pieces = PreTokenizersOf(split).Aggregate(start, (current, step) => step.Split(current)).Pieces;
        return [.. pieces.Select(piece => aligned.Characters[piece.Start..piece.End].ToString())];
    }

    /// <summary>Makes a tokenizer.</summary>
    /// <param name="pieces">The pieces in the byte-level alphabet, in order of id.</param>
    /// <param name="merges">The merges in order of rank, each "left right".</param>
    /// <param name="options">How the text is cut and which tokens are special.</param>
    /// <param name="place">File and key, for errors.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="KpodException">A piece stands twice, a merge is none or makes a piece that is not there, or a special token is missing.</exception>
    public static Tokenizer FromVocabulary(IReadOnlyList<string> pieces, IReadOnlyList<string> merges, ByteLevelBpeOptions options, string place)
    {
        var vocabulary = new Vocabulary([.. pieces.Select(KeyValuePair.Create)], place);
        var table = MergeReader.Read([.. merges.Select(merge => MergeReader.Cut(merge, place))], vocabulary, place);
        INormalizer? normalizer = options.Split == ByteLevelSplit.Qwen2 ? new UnicodeNormalizer(UnicodeForm.Nfc) : null;
        var added = new AddedTokenSet(
            [
                .. options.SpecialTokens.Distinct().Select(content => new AddedToken(IdOf(content), content) { IsSpecial = true }),
                .. options.UserDefinedTokens.Distinct().Except(options.SpecialTokens).Select(content => new AddedToken(IdOf(content), content)),
            ],
            normalizer);
        var model = new ByteLevelBpe(vocabulary, table, unknownId: null, fuseUnknown: false, wholePieceFirst: options.Split == ByteLevelSplit.Llama3);
        var encoder = new PipelineEncoder(normalizer, PreTokenizersOf(options.Split), new PieceCache(model), added);
        var special = new SpecialTokenIds(Find(options.BeginToken), Find(options.EndToken), Find(options.PadToken), Find(options.UnknownToken));
        var post = new PostProcessor(
            options.AddsBegin && special.Begin is { } begin ? [begin] : [],
            options.AddsEnd && special.End is { } end ? [end] : [],
            OffsetTrims: []);
        return new Tokenizer(vocabulary, added, encoder, new PipelineDecoder(vocabulary, added, [new ByteLevelDecoder()]), post, special);

        int? Find(string? content) => content is null ? null : IdOf(content);
        int IdOf(string content) => vocabulary.Find(content)
            ?? throw new KpodException($"{place}: the special token \"{content}\" is not among the {pieces.Count} pieces.");
    }

    private static IReadOnlyList<IPreTokenizer> PreTokenizersOf(ByteLevelSplit split) => split switch
    {
        ByteLevelSplit.DigitsThenGpt2 => [new DigitSplitter(individually: true), new PieceSplitter(SplitPatterns.ScanGpt2)],
        ByteLevelSplit.Llama3 => [new PieceSplitter(SplitPatterns.Find(SplitPatterns.Llama3)!)],
        ByteLevelSplit.Qwen2 => [new PieceSplitter(SplitPatterns.Find(SplitPatterns.Qwen2)!)],
        _ => [new PieceSplitter(SplitPatterns.ScanGpt2)],
    };
}

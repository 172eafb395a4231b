using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.PreTokenizers;

namespace Kpod.Tokenizers.Json;

/// <summary>Reads the key <c>model</c>.</summary>
internal static class ModelReader
{
    /// <summary>Reads a model.</summary>
    /// <param name="value">The value.</param>
    /// <param name="steps">What cuts the text before.</param>
    /// <returns>The model with its vocabulary.</returns>
    public static TokenizerModel Read(LocatedJson value, PreTokenizerSteps steps)
    {
        var kind = value["type"].IsNull ? GuessKind(value) : value.Kind();
        return kind switch
        {
            "BPE" => ReadBpe(value, steps),
            "Unigram" => ReadUnigram(value, steps),
            _ => throw value.NotImplemented($"the model {kind}", "BPE and Unigram"),
        };
    }

    // The earliest files do not name the model.
    private static string GuessKind(LocatedJson value) =>
        !value["merges"].IsNull ? "BPE" : !value["unk_id"].IsNull ? "Unigram" : throw value["type"].Wrong("\"BPE\" or \"Unigram\"");

    private static TokenizerModel ReadBpe(LocatedJson value, PreTokenizerSteps steps)
    {
        RefuseUnlessEmpty(value["dropout"], "dropout");
        RefuseUnlessEmpty(value["continuing_subword_prefix"], "a prefix of continuing pieces");
        RefuseUnlessEmpty(value["end_of_word_suffix"], "a suffix of words");
        var pieces = value["vocab"].Members().Select(member => KeyValuePair.Create(member.Key, member.Value.AsInteger()));
        var vocabulary = new Vocabulary([.. pieces], value["vocab"].Place);
        var merges = value["merges"].Items().Select(ReadMerge).ToList();
        var table = MergeReader.Read(merges, vocabulary, value["merges"].Place);
        var unknown = value["unk_token"].IsNull ? null : value["unk_token"].AsString();
        var unknownId = unknown is null ? null : vocabulary.Find(unknown);
        if (unknown is not null && unknownId is null)
        {
            throw new KpodException($"{value["unk_token"].Place}: \"{unknown}\" is not in the vocabulary.");
        }

        var fuse = value["fuse_unk"].AsBoolean(absent: false);
        var wholeFirst = value["ignore_merges"].AsBoolean(absent: false);
        var fallsBack = value["byte_fallback"].AsBoolean(absent: false);
        if (steps.IsByteLevel)
        {
            return fallsBack
                ? throw value.NotImplemented("byte_fallback after ByteLevel", "byte_fallback without it")
                : new TokenizerModel(vocabulary, new PieceCache(new ByteLevelBpe(vocabulary, table, unknownId, fuse, wholeFirst)), steps.Steps, unknownId);
        }

        var model = new CharacterBpe(vocabulary, table, new CharacterBpeOptions(unknownId, fuse, fallsBack, wholeFirst));
        var canCut = unknownId is not null && !wholeFirst && vocabulary.Find("▁") is not null
            && !merges.Exists(merge => MarkCutter.IsCut(merge.Left + merge.Right));
        var cutting = canCut ? [.. steps.Steps, new PieceSplitter(MarkCutter.Scan)] : steps.Steps;
        return new TokenizerModel(vocabulary, new PieceCache(model), cutting, unknownId);
    }

    private static (string Left, string Right) ReadMerge(LocatedJson merge)
    {
        if (merge.Element.ValueKind != System.Text.Json.JsonValueKind.Array)
        {
            return MergeReader.Cut(merge.AsString(), merge.Place);
        }

        var parts = merge.Items().Select(part => part.AsString()).ToList();
        return parts.Count == 2 ? (parts[0], parts[1]) : throw merge.Wrong("a pair of pieces");
    }

    private static TokenizerModel ReadUnigram(LocatedJson value, PreTokenizerSteps steps)
    {
        if (steps.IsByteLevel)
        {
            throw value.NotImplemented("a Unigram model after ByteLevel", "Unigram after Metaspace");
        }

        var pieces = value["vocab"].Items().Select(ReadScored).ToList();
        var vocabulary = new Vocabulary([.. pieces.Select((piece, id) => KeyValuePair.Create(piece.Piece, id))], value["vocab"].Place);
        var unknownId = value["unk_id"].AsInteger();
        if ((uint)unknownId >= pieces.Count)
        {
            throw new KpodException($"{value["unk_id"].Place}: is {unknownId}, but the vocabulary has {pieces.Count} pieces.");
        }

        var model = new UnigramModel(vocabulary, [.. pieces.Select(piece => piece.Score)], unknownId, value["byte_fallback"].AsBoolean(absent: false));
        return new TokenizerModel(vocabulary, new PieceCache(model), steps.Steps, unknownId);
    }

    private static (string Piece, double Score) ReadScored(LocatedJson entry)
    {
        var parts = entry.Items().ToList();
        return parts.Count == 2 ? (parts[0].AsString(), parts[1].AsScore()) : throw entry.Wrong("a piece with its score");
    }

    private static void RefuseUnlessEmpty(LocatedJson value, string what)
    {
        if (!value.IsNull && value.Element.ToString() is not ("" or "0" or "0.0"))
        {
            throw value.NotImplemented($"{what} ({value.Element})", "models without it");
        }
    }
}

using System.Globalization;
using Kpod.Tokenizers.Json;
using Kpod.Tokenizers.PieceModels;
using Kpod.Tokenizers.Tokens;

namespace Kpod.Tokenizers.SentencePiece;

/// <summary>Loads a <c>.model</c> with what the files beside it add: tokens beyond its pieces, and which token plays which part.</summary>
internal static class SentencePieceFolder
{
    private const string AddedName = "added_tokens.json";
    private const int UsualSentinels = 100; // T5's tokenizer makes them where its configuration does not say otherwise

    /// <summary>Loads a tokenizer.</summary>
    /// <param name="file">The model.</param>
    /// <param name="names">Which tokens play which part.</param>
    /// <returns>The tokenizer.</returns>
    public static Tokenizer Load(string file, SpecialTokenNames names)
    {
        var model = SentencePieceModelFile.Read(file);
        var further = ReadFurtherTokens(Path.GetDirectoryName(Path.GetFullPath(file))!, model);
        return SentencePieceTokenizer.Create(model, further, find => RolesOf(model, names, find), file);
    }

    // Without a configuration: a BPE model begins its texts (LLaMA), a Unigram model ends them (T5).
    private static SentencePieceRoles RolesOf(SentencePieceModel model, SpecialTokenNames names, Func<string, int?> find)
    {
        var isBpe = model.Algorithm == SentencePieceAlgorithm.Bpe;
        var ids = names.AreStated
            ? names.Resolve(find, PostProcessor.None, model.UnknownId)
            : new SpecialTokenIds(find(model.BeginPiece), find(model.EndPiece), find(model.PadPiece), model.UnknownId);
        return new SentencePieceRoles(ids, names.AddsBegin ?? isBpe, names.AddsEnd ?? !isBpe);
    }

    private static List<AddedToken> ReadFurtherTokens(string folder, SentencePieceModel model)
    {
        var tokens = new Dictionary<int, AddedToken>();
        var spellings = model.Pieces.Select(entry => entry.Piece).ToHashSet(StringComparer.Ordinal);
        var addedPath = Path.Combine(folder, AddedName);
        foreach (var (content, id) in File.Exists(addedPath) ? LocatedJson.ReadFile(addedPath).Members() : [])
        {
            Add(id.AsInteger(), content, isSpecial: true, id);
        }

        var configPath = Path.Combine(folder, SpecialTokenNames.ConfigName);
        if (File.Exists(configPath))
        {
            var config = LocatedJson.ReadFile(configPath);
            var decoder = config["added_tokens_decoder"];
            foreach (var (key, value) in decoder.IsNull ? [] : decoder.Members())
            {
                var id = int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
                Add(id, value["content"].AsString(), value["special"].AsBoolean(absent: false), value);
            }

            if (!config["tokenizer_class"].IsNull && config["tokenizer_class"].AsString().StartsWith("T5Tokenizer", StringComparison.Ordinal))
            {
                AddSentinels(config["extra_ids"].IsNull ? UsualSentinels : config["extra_ids"].AsInteger(), config["extra_ids"]);
            }
        }

        return [.. tokens.Values];

        void AddSentinels(int count, LocatedJson place)
        {
            for (var i = 0; i < count && i < Vocabulary.IdLimit; i++)
            {
                Add(model.Pieces.Count + count - 1 - i, string.Create(CultureInfo.InvariantCulture, $"<extra_id_{i}>"), isSpecial: true, place);
            }
        }

        void Add(int id, string content, bool isSpecial, LocatedJson place)
        {
            if (id is < 0 or >= Vocabulary.IdLimit || content.Length == 0)
            {
                throw place.Wrong($"a token with an id from 0 to {Vocabulary.IdLimit - 1} and a text");
            }

            // The model's own pieces are listed again in such files, and a token may be listed in more than one.
            if (id >= model.Pieces.Count && spellings.Add(content) && !tokens.TryAdd(id, new AddedToken(id, content) { IsSpecial = isSpecial }))
            {
                throw new KpodException($"{place.Place}: the id {id} belongs to both \"{tokens[id].Content}\" and \"{content}\"; each id has one token.");
            }
        }
    }
}

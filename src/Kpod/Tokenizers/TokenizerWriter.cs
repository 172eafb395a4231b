using System.Text.Encodings.Web;
using System.Text.Json;
using Kpod.Runs;
using Kpod.Tokenizers.Json;

namespace Kpod.Tokenizers;

/// <summary>
/// Writes trained vocabularies as <c>tokenizer.json</c> and <c>tokenizer_config.json</c> in the form
/// that Hugging Face's libraries read. Each file is read back before it is kept.
/// </summary>
public static class TokenizerWriter
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a byte-level BPE tokenizer.</summary>
    /// <param name="folder">Where the two files go.</param>
    /// <param name="pieces">The pieces in the byte-level alphabet (<see cref="ByteLevelBpeTokenizer.Spell"/>), in order of id, special tokens among
    /// them.</param>
    /// <param name="merges">The merges in order of rank.</param>
    /// <param name="options">How the text is cut and which tokens are special.</param>
    /// <returns>The tokenizer as it is read back.</returns>
    /// <exception cref="KpodException">The parts do not fit together, or the disk refuses.</exception>
    public static Tokenizer WriteByteLevelBpe(
        string folder, IReadOnlyList<string> pieces, IReadOnlyList<(string Left, string Right)> merges, ByteLevelBpeOptions options)
    {
        var names = new SpecialTokenNames
        {
            AreStated = true,
            Begin = options.BeginToken,
            End = options.EndToken,
            Pad = options.PadToken,
            Unknown = options.UnknownToken,
            AddsBegin = options.AddsBegin,
            AddsEnd = options.AddsEnd,
        };
        return Write(folder, names, writer =>
        {
            writer.WriteSpecialTokens(pieces, options.SpecialTokens, options.UserDefinedTokens);
            writer.WriteKind("normalizer", options.Split == ByteLevelSplit.Qwen2 ? "NFC" : null);
            writer.WriteByteLevelCut(options.Split);
            writer.WriteTemplate(pieces, options.AddsBegin ? options.BeginToken : null, options.AddsEnd ? options.EndToken : null);
            writer.WriteByteLevel("decoder", usesPattern: true);
            writer.WriteBpe(pieces, merges, wholePieceFirst: options.Split == ByteLevelSplit.Llama3);
        });
    }

    /// <summary>Writes a Unigram tokenizer that cuts at white space and ends each text as T5 does.</summary>
    /// <param name="folder">Where the two files go.</param>
    /// <param name="pieces">The pieces in order of id, the special tokens among them; ▁ stands for the space before a word.</param>
    /// <param name="options">Which tokens are special.</param>
    /// <returns>The tokenizer as it is read back.</returns>
    /// <exception cref="KpodException">The parts do not fit together, or the disk refuses.</exception>
    public static Tokenizer WriteUnigram(string folder, IReadOnlyList<ScoredPiece> pieces, UnigramOptions options)
    {
        var names = new SpecialTokenNames { AreStated = true, End = options.EndToken, Pad = options.PadToken, Unknown = options.UnknownToken };
        string[] spellings = [.. pieces.Select(piece => piece.Piece)];
        return Write(folder, names, writer =>
        {
            writer.WriteSpecialTokens(spellings, [options.PadToken, options.EndToken, options.UnknownToken, .. options.SpecialTokens], []);
            writer.WriteKind("normalizer", options.NormalizesCompatibility ? "NFKC" : null);
            writer.WriteWordCut();
            writer.WriteTemplate(spellings, before: null, after: options.EndToken);
            writer.WriteMetaspace("decoder");
            writer.WriteUnigram(pieces, options.UnknownToken);
        });
    }

    private static Tokenizer Write(string folder, SpecialTokenNames names, Action<TokenizerJsonWriter> write)
    {
        var path = Path.Combine(folder, TokenizerFile.JsonName);
        var content = ToJson(json =>
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            json.WriteNull("truncation");
            json.WriteNull("padding");
            write(new TokenizerJsonWriter(json, path));
            json.WriteEndObject();
        });
        var tokenizer = TokenizerJson.Read(LocatedJson.Parse(content, path), names);
        AtomicFile.Write(path, stream => stream.Write(content));
        AtomicFile.Write(Path.Combine(folder, SpecialTokenNames.ConfigName), stream => stream.Write(ToJson(json => WriteConfig(json, names))));
        return tokenizer;
    }

    private static byte[] ToJson(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Layout))
        {
            write(json);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteConfig(Utf8JsonWriter json, SpecialTokenNames names)
    {
        json.WriteStartObject();
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        json.WriteBoolean("clean_up_tokenization_spaces", false);
        WriteUnlessNull("bos_token", names.Begin);
        WriteUnlessNull("eos_token", names.End);
        WriteUnlessNull("pad_token", names.Pad);
        WriteUnlessNull("unk_token", names.Unknown);
        json.WriteEndObject();

        void WriteUnlessNull(string key, string? value)
        {
            if (value is not null)
            {
                json.WriteString(key, value);
            }
        }
    }
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kpod.LanguageModels.Checkpoints;
using Kpod.Tokenizers;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.Tokens;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;

namespace Kpod.Verification.References;

/// <summary>Holds a tokenizer against recorded cases: ids, offsets, special tokens, decoded texts, streamed chunks. No difference at all is right.</summary>
internal sealed class TokenizerCases
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ReportBuilder _report;
    private readonly Tokenizer _tokenizer;
    private readonly string _file;
    private readonly Dictionary<string, (int Wrong, int Total, string? Shortest)> _kinds = [];

    private TokenizerCases(ReportBuilder report, Tokenizer tokenizer, string file)
    {
        _report = report;
        _tokenizer = tokenizer;
        _file = file;
    }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">A folder, a <c>tokenizer.json</c>, a SentencePiece <c>.model</c>, or a .gguf file.</param>
    /// <returns>The tokenizer.</returns>
    public static Tokenizer Load(string path) => path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && CheckpointLoader.LoadTokenizer(path) is Tokenizer inner ? inner : TokenizerFile.Load(path);

    /// <summary>Checks every case of a file: <c>cases.jsonl</c>, <c>sentencepiece.jsonl</c> or <c>streaming.jsonl</c>, told apart by their fields.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="isSentencePiece">Whether the tokenizer was read from a SentencePiece model.</param>
    /// <param name="path">The file.</param>
    public static void Check(ReportBuilder report, Tokenizer tokenizer, bool isSentencePiece, string path)
    {
        var lines = RecordedValue.ReadLines(path);
        var cases = new TokenizerCases(report, tokenizer, Path.GetFileName(path));
        var isFull = lines.Any(line => line.Has("ids_special"));
        if (lines[0].Has("chunks"))
        {
            cases.CheckAll(lines, cases.CheckStream);
        }
        else if (lines.Any(line => line.Has("same")) || (isSentencePiece && !isFull))
        {
            var others = OtherIds(lines, path);
            cases.CheckAll(lines, line => cases.CheckSentencePiece(line, others));
        }
        else
        {
            cases.CheckAll(lines, line => cases.CheckCase(line, isFull));
        }
    }

    private void CheckAll(IReadOnlyList<RecordedValue> lines, Action<RecordedValue> check)
    {
        foreach (var line in lines)
        {
            check(line);
        }

        foreach (var (kind, (wrong, total, shortest)) in _kinds)
        {
            _report.Differing(_file, kind, wrong, total, shortest ?? string.Empty);
        }
    }

    private void CheckCase(RecordedValue line, bool isFull)
    {
        var text = line["text"].Text();
        var ids = Ids(line["ids"]);
        var tokens = _tokenizer.Encode(text, recogniseSpecialTokens: true);
        Compare(text, "ids", ids, tokens.Select(token => token.Id));
        CompareOffsets(line, text, tokens);
        Compare(text, "decoded", line.Find("decoded")?.Text(), _tokenizer.Decode(ids));
        if (line.Find("ids_special") is { } special)
        {
            Compare(text, "ids_special", Ids(special), _tokenizer.EncodeWithSpecialTokens(text, recogniseSpecialTokens: true));
        }

        if (isFull)
        {
            // These two are recorded only where they differ.
            Compare(text, "decoded_keep_special", (line.Find("decoded_keep_special") ?? line.Find("decoded"))?.Text(), _tokenizer.Decode(ids, keepSpecialTokens: true));
            Compare(text, "ids_specials_as_text", Ids(line.Find("ids_specials_as_text") ?? line["ids"]), _tokenizer.Encode(text).Select(token => token.Id));
        }
    }

    // SentencePiece never recognises special tokens in a text.
    private void CheckSentencePiece(RecordedValue line, Dictionary<string, int[]> others)
    {
        var text = line["text"].Text();
        var tokens = _tokenizer.Encode(text);
        int[] own = [.. tokens.Select(token => token.Id)];
        var ids = line.Find("ids") is { } recorded ? Ids(recorded) : others.GetValueOrDefault(text);
        if (ids is null)
        {
            _report.NotChecked(_file, "ids", $"{line.Place} says that they are the same as in cases.jsonl beside it, which has no such text");
        }
        else
        {
            Compare(text, "ids", ids, own);
        }

        CompareOffsets(line, text, tokens);
        Compare(text, "decoded", line.Find("decoded")?.Text(), _tokenizer.Decode(ids ?? own));
    }

    private void CheckStream(RecordedValue line)
    {
        var ids = Ids(line["ids"]);
        var stream = new StreamingDecoder(_tokenizer);
        var about = line.Find("about")?.Text() ?? line.Place;
        string?[] chunks = [.. ids.Select(id => stream.Append(id) is { Length: > 0 } chunk ? chunk : null)];
        Compare(about, "chunks", line["chunks"].Items().Select(item => item.TextOrNull()), chunks);
        Compare(about, "shown", line.Find("shown")?.Text(), stream.Shown);
        Compare(about, "decoded", line.Find("decoded")?.Text(), _tokenizer.Decode(ids));
        CheckEnd(line, stream, about);
        if (line.Find("text_after") is { } after)
        {
            Compare(about, "text_after", after.Items().Select(item => item.Text()), ids.Select((_, index) => _tokenizer.Decode(ids[..(index + 1)]).TrimEnd('\uFFFD')));
        }
    }

    // A stream that was cut inside a character may have shown what the whole text does not begin with.
    private void CheckEnd(RecordedValue line, StreamingDecoder stream, string about)
    {
        if (line.Find("shown")?.Text() is { } shown && line.Find("decoded")?.Text() is { } decoded && decoded.StartsWith(shown, StringComparison.Ordinal))
        {
            stream.Finish();
            Compare(about, "shown to the end", decoded, stream.Shown);
        }
    }

    private void CompareOffsets(RecordedValue line, string text, IReadOnlyList<Token> tokens)
    {
        if (line.Find("offsets_utf16") is { } units)
        {
            Compare(text, "offsets_utf16", units.Items().Select(pair => pair.Integers()), tokens.Select(token => new[] { token.Start, token.End }));
        }

        if (line.Find("offsets_cp") is { } points)
        {
            var before = CodePointsBefore(text);
            Compare(text, "offsets_cp", points.Items().Select(pair => pair.Integers()), tokens.Select(token => new[] { before[token.Start], before[token.End] }));
        }
    }

    private static int[] CodePointsBefore(string text)
    {
        var before = new int[text.Length + 1];
        for (var unit = 0; unit < text.Length; unit++)
        {
            before[unit + 1] = before[unit] + (unit > 0 && char.IsSurrogatePair(text[unit - 1], text[unit]) ? 0 : 1);
        }

        return before;
    }

    // What is not recorded is not compared.
    private void Compare(string subject, string kind, string? recorded, string computed)
    {
        if (recorded is not null)
        {
            Compare<string>(subject, kind, [recorded], [computed]);
        }
    }

    private void Compare<T>(string subject, string kind, IEnumerable<T> recorded, IEnumerable<T> computed)
    {
        var (left, right) = (JsonSerializer.Serialize(recorded, Readable), JsonSerializer.Serialize(computed, Readable));
        var (wrong, total, shortest) = _kinds.GetValueOrDefault(kind);
        if (left != right)
        {
            var detail = $"{Shorten(JsonSerializer.Serialize(subject, Readable))}: recorded {Shorten(left)}, computed {Shorten(right)}";
            (wrong, shortest) = (wrong + 1, shortest is null || detail.Length < shortest.Length ? detail : shortest);
        }

        _kinds[kind] = (wrong, total + 1, shortest);
    }

    private static int[] Ids(RecordedValue list) => list.Integers() is var ids && Array.FindIndex(ids, id => id < 0) is var place and >= 0
        ? throw list.Wrong(string.Create(CultureInfo.InvariantCulture, $"holds {ids[place]}; ids are 0 or more"))
        : ids;

    private static string Shorten(string text) => text.Length <= 120 ? text : text[..117] + "...";

    private static Dictionary<string, int[]> OtherIds(IReadOnlyList<RecordedValue> lines, string path)
    {
        var others = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "cases.jsonl");
        var ids = new Dictionary<string, int[]>(StringComparer.Ordinal);
        if (lines.All(line => line.Has("ids")) || !File.Exists(others))
        {
            return ids;
        }

        foreach (var line in RecordedValue.ReadLines(others))
        {
            ids[line["text"].Text()] = Ids(line["ids"]);
        }

        return ids;
    }
}

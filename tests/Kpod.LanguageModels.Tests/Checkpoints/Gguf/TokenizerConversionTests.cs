using System.Text.Json;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.Testing;
using Kpod.Tokenizers;
using Kpod.Tokenizers.Conversion;
using Kpod.Tokenizers.Files;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.LanguageModels.Tests.Checkpoints.Gguf;

public sealed class TokenizerConversionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> GgufNames =>
        ["llama-gqa-tied-F32", "llama-rope-llama3-F32", "llama-Q4_K_M", "mistral-F32", "qwen2-F32", "qwen3-F32"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(GgufNames))]
    public void A_tokenizer_of_a_gguf_file_reads_every_text_alike_as_a_folder(string name)
    {
        using var file = new GgufFile(SharedFolder.PathOf("fixtures", "gguf", "models", $"{name}.gguf"));
        AssertAlike(GgufTokenizer.Create(file.Metadata.Values, name), ToFolder(file.Metadata.Values), allowed: 0);
    }

    [Fact]
    public void A_unigram_model_survives_both_ways()
    {
        using var file = new GgufFile(SharedFolder.PathOf("fixtures", "gguf", "models", "t5-flan-gated-untied-F32.gguf"));
        var back = TokenizerToGguf.Convert(ToFolder(file.Metadata.Values), 224, [1]).ToDictionary();
        foreach (var (key, value) in file.Metadata.Values.Where(pair => pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal)))
        {
            Assert.True(back.TryGetValue(key, out var found), key);
            Assert.Equal(value, found);
        }
    }

    [Fact]
    public void The_real_byte_level_tokenizer_is_said_in_the_keys_that_its_gguf_file_has()
    {
        var folder = SharedFolder.PathOf("models", "SmolLM2-135M-Instruct");
        using var file = new GgufFile(Path.Combine(folder, "SmolLM2-135M-Instruct.Q4_1.gguf"));
        var keys = TokenizerToGguf.Convert(folder, 49152, [2]).ToDictionary();
        foreach (var (key, value) in file.Metadata.Values.Where(pair => pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal) && !pair.Key.EndsWith("add_space_prefix", StringComparison.Ordinal)))
        {
            Assert.True(keys.TryGetValue(key, out var found), key);
            Assert.Equal(value, found);
        }

        AssertAlike(TokenizerFile.Load(folder), ToFolder(file.Metadata.Values), allowed: 0);
    }

    [Fact]
    public void The_real_sentencepiece_bpe_survives_both_ways()
    {
        var source = _folder.PathOf("llama");
        Copy(source, ("fixtures/tokenizers/llama", "tokenizer.json"), ("fixtures/tokenizers/llama", "tokenizer_config.json"), ("tokenizers/llama", "tokenizer.model"));
        var keys = TokenizerToGguf.Convert(source, 32000, [2]).ToDictionary();
        Assert.Equal("llama", keys["tokenizer.ggml.model"]);
        Assert.True((bool)keys["tokenizer.ggml.add_bos_token"]);
        AssertAlike(TokenizerFile.Load(SharedFolder.PathOf("tokenizers", "llama", "tokenizer.model")), GgufTokenizer.Create(keys, "keys"), allowed: 0);

        // And back: the merges are those of the published conversion, in their order.
        var folder = ToFolder(keys);
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(source, "tokenizer.json")));
        using var actual = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "tokenizer.json")));
        Assert.Equal(Merges(expected), Merges(actual));
        foreach (var key in new[] { "normalizer", "pre_tokenizer", "decoder", "added_tokens", "post_processor" })
        {
            Assert.True(JsonElement.DeepEquals(expected.RootElement.GetProperty(key), actual.RootElement.GetProperty(key)), key);
        }

        var original = SentencePieceModelFile.Read(Path.Combine(source, "tokenizer.model"));
        var written = SentencePieceModelFile.Read(Path.Combine(folder, "tokenizer.model"));
        Assert.Equal(original.Pieces, written.Pieces);
        Assert.Equivalent(original with { Pieces = [] }, written with { Pieces = [] });
    }

    [Fact]
    public void Flan_t5_is_said_alike_from_its_model_file_and_from_its_json()
    {
        var json = TokenizerToGguf.Convert(SharedFolder.PathOf("fixtures", "tokenizers", "flan-t5"), 32128, [1]).ToDictionary();
        var both = _folder.PathOf("t5");
        Copy(both, ("fixtures/tokenizers/flan-t5", "tokenizer.json"), ("fixtures/tokenizers/flan-t5", "tokenizer_config.json"), ("tokenizers/flan-t5", "spiece.model"));
        var model = TokenizerToGguf.Convert(both, 32128, [1]).ToDictionary();
        Assert.Equal(model.Keys.Order(StringComparer.Ordinal), json.Keys.Order(StringComparer.Ordinal));
        foreach (var key in json.Keys.Where(key => key != "tokenizer.ggml.scores"))
        {
            Assert.Equal(model[key], json[key]);
        }

        // The sentinels have no score in the model file.
        Assert.Equal(((float[])model["tokenizer.ggml.scores"])[..32000], ((float[])json["tokenizer.ggml.scores"])[..32000]);
        Assert.Equal("<extra_id_0>", ((string[])json["tokenizer.ggml.tokens"])[32099]);
        Assert.Equal("[PAD32100]", ((string[])json["tokenizer.ggml.tokens"])[32100]);
        var keys = GgufTokenizer.Create(model, "keys");
        AssertAlike(TokenizerFile.Load(SharedFolder.PathOf("tokenizers", "flan-t5", "spiece.model")), keys, allowed: 0);

        // The published JSON form itself differs from the model file in 20 of these texts: special tokens that stand in the text, U+0085, marks in a row.
        AssertAlike(keys, ToFolder(model), allowed: 20);
        AssertAlike(TokenizerFile.Load(SharedFolder.PathOf("fixtures", "tokenizers", "flan-t5")), ToFolder(model), allowed: 0);
    }

    [Theory]
    [InlineData("bytelevel-trim", "in GGUF this way of cutting text (ByteLevel with add_prefix_space")]
    [InlineData("unigram-small", "in GGUF a Unigram model that cuts text by Metaspace")]
    [InlineData("bpe-fallback-small", "needs the scores of its tokenizer.model")]
    public void What_the_keys_cannot_say_is_refused_by_name(string name, string part)
    {
        var fault = Assert.Throws<KpodException>(() => TokenizerToGguf.Convert(SharedFolder.PathOf("fixtures", "tokenizers", name), 4000, [1]));
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        Assert.Contains("tokenizer.json", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama3-style", "llama-bpe", 2012)]
    [InlineData("qwen2-style", "qwen2", 2003)]
    public void Byte_level_tokenizers_survive_both_ways(string name, string pre, int tokens)
    {
        var source = SharedFolder.PathOf("fixtures", "tokenizers", name);
        var keys = TokenizerToGguf.Convert(source, tokens + 5, [tokens - 1]).ToDictionary();
        Assert.Equal(pre, keys["tokenizer.ggml.pre"]);
        Assert.Equal(tokens + 5, ((string[])keys["tokenizer.ggml.tokens"]).Length);
        var original = TokenizerFile.Load(source);
        AssertAlike(original, GgufTokenizer.Create(keys, "keys"), allowed: 0);
        AssertAlike(original, ToFolder(keys), allowed: 0);
    }

    [Fact]
    public void Scores_that_ranked_merges_cannot_say_are_refused_by_name()
    {
        SentencePieceEntry[] same = [new("<unk>", 0, PieceType.Unknown), new("a", -1, PieceType.Normal), new("b", -2, PieceType.Normal), new("ab", -3, PieceType.Normal), new("ba", -3, PieceType.Normal)];
        Assert.Contains("gives \"ab\" and \"ba\" the same score", Assert.Throws<KpodException>(() => GgufToCharacterBpe.Merges(same, "m.gguf")).Message, StringComparison.Ordinal);
        SentencePieceEntry[] unspelt = [new("<unk>", 0, PieceType.Unknown), new("a", -1, PieceType.Normal), new("ac", -3, PieceType.Normal)];
        Assert.Contains("has the piece \"ac\" but not its character \"c\"", Assert.Throws<KpodException>(() => GgufToCharacterBpe.Merges(unspelt, "m.gguf")).Message, StringComparison.Ordinal);
    }

    private static string[] Merges(JsonDocument tokenizer) =>
        [.. tokenizer.RootElement.GetProperty("model").GetProperty("merges").EnumerateArray().Select(merge => merge.ValueKind == JsonValueKind.String ? merge.GetString()! : $"{merge[0].GetString()} {merge[1].GetString()}")];

    private static string[] Texts() =>
    [
        .. File.ReadLines(SharedFolder.PathOf("fixtures", "tokenizers", "smollm2", "cases.jsonl")).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("text").GetString()!;
        }),
    ];

    private static void AssertAlike(Tokenizer expected, Tokenizer actual, int allowed)
    {
        var texts = Texts();
        var different = texts.Where(text => !expected.EncodeWithSpecialTokens(text).SequenceEqual(actual.EncodeWithSpecialTokens(text))).ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"{different.Length} of {texts.Length} texts differ {string.Join(" | ", different.Select(text => JsonSerializer.Serialize(text)).Select(text => text.Length > 60 ? text[..60] : text))}");
        Assert.True(different.Length <= allowed, $"{different.Length} of {texts.Length} texts differ, such as {JsonSerializer.Serialize(different.FirstOrDefault())}");
        Assert.Equal((expected.BeginId, expected.EndId, expected.PadId, expected.UnknownId), (actual.BeginId, actual.EndId, actual.PadId, actual.UnknownId));
    }

    private static void AssertAlike(Tokenizer expected, string folder, int allowed) => AssertAlike(expected, TokenizerFile.Load(folder), allowed);

    private string ToFolder(IReadOnlyDictionary<string, object> metadata)
    {
        var folder = _folder.PathOf($"converted-{metadata.Count}-{Directory.GetDirectories(_folder.FullPath).Length}");
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in TokenizerFromGguf.Convert(metadata, "metadata", 512))
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }

        return folder;
    }

    private static void Copy(string to, params (string Folder, string Name)[] files)
    {
        Directory.CreateDirectory(to);
        foreach (var (folder, name) in files)
        {
            File.WriteAllBytes(Path.Combine(to, name), File.ReadAllBytes(Path.Combine(SharedFolder.PathOf(folder.Split('/')), name)));
        }
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Kpod.Tokenizers.Files;

namespace Kpod.Tokenizers.Tests;

/// <summary>Damaged and foreign files: one clear fault that names file and place, and never anything else.</summary>
public sealed class TokenizerFaultTests : IDisposable
{
    private const long LargestAllocation = 96L << 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("kpod-tokenizer-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_without_a_tokenizer_says_what_was_looked_for() =>
        Assert.Equal($"{_folder}: holds no tokenizer; looked for tokenizer.json, spiece.model, tokenizer.model.", Assert.Throws<KpodException>(() => TokenizerFile.Load(_folder)).Message);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.StartsWith(Path.Combine(_folder, "none.json") + ": cannot be read", Assert.Throws<KpodException>(() => TokenizerFile.Load(Path.Combine(_folder, "none.json"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "no valid JSON")]
    [InlineData("{", "no valid JSON")]
    [InlineData("[1]", ": must be a JSON object, is an array.")]
    [InlineData("{}", "tokenizer.json: model: must be an object, is missing.")]
    [InlineData("""{"model":{"type":"WordPiece"}}""", "tokenizer.json: model: the model WordPiece is not implemented; implemented are BPE and Unigram.")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}""", "tokenizer.json: model.vocab: the id of \"a\" is -1; ids must be from 0 to 4194303.")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":99999999},"merges":[]}}""", "tokenizer.json: model.vocab: the id of \"a\" is 99999999; ids must be from 0 to 4194303.")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":9999999999},"merges":[]}}""", "tokenizer.json: model.vocab: must be a whole number, is 9999999999.")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"a":1},"merges":[]}}""", "the piece \"a\" stands twice, with ids 0 and 1; each piece has one id.")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}}""", "the id 0 belongs to both \"a\" and \"b\"; each id has one piece.")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}""", "model.merges: merge 0 needs the piece \"b\", which is not in the vocabulary.")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a  a"]}}""", "model.merges[0]: the merge \"a  a\" is not two pieces with one space between.")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[["a"]]}}""", "model.merges[0]: must be a pair of pieces, is an array.")]
    [InlineData("""{"model":{"type":"BPE","dropout":0.1,"vocab":{"a":0},"merges":[]}}""", "model.dropout: dropout (0.1) is not implemented")]
    [InlineData("""{"model":{"type":"BPE","end_of_word_suffix":"</w>","vocab":{"a":0},"merges":[]}}""", "a suffix of words (</w>) is not implemented")]
    [InlineData("""{"model":{"type":"BPE","unk_token":"<unk>","vocab":{"a":0},"merges":[]}}""", "model.unk_token: \"<unk>\" is not in the vocabulary.")]
    [InlineData("""{"model":{"type":"Unigram","unk_id":2,"vocab":[["a",0]]}}""", "model.unk_id: is 2, but the vocabulary has 1 pieces.")]
    [InlineData("""{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",1e999]]}}""", "model.vocab[0][1]: must be a finite number, is 1e999.")]
    [InlineData("""{"normalizer":{"type":"BertNormalizer"},"model":{}}""", "normalizer: the normalizer BertNormalizer is not implemented; implemented are Sequence, Prepend,")]
    [InlineData("""{"normalizer":{"type":"Replace","pattern":{"Regex":"a+"},"content":"b"},"model":{}}""", "normalizer: a Replace of {\"Regex\":\"a+\"} is not implemented")]
    [InlineData("""{"normalizer":{"type":"Precompiled","precompiled_charsmap":"!"},"model":{}}""", "normalizer.precompiled_charsmap: is no valid base64")]
    [InlineData("""{"normalizer":{"type":"Precompiled","precompiled_charsmap":"/////w=="},"model":{}}""", "the precompiled character map of 4 bytes states a trie of 4294967295 bytes; the file is damaged.")]
    [InlineData("""{"pre_tokenizer":{"type":"Punctuation"},"model":{}}""", "pre_tokenizer: the pre-tokenizer Punctuation is not implemented")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"x"},"behavior":"Isolated","invert":false},"model":{}}""", "pre_tokenizer.pattern.Regex: the expression x is not implemented")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"x"},"behavior":"Removed","invert":false},"model":{}}""", "a Split with behavior Removed and invert False is not implemented")]
    [InlineData("""{"post_processor":{"type":"BertProcessing"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "post_processor: the post-processor BertProcessing is not implemented")]
    [InlineData("""{"post_processor":{"type":"RobertaProcessing","sep":["a",0],"cls":["b",7]},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "post_processor: adds id 7, but the vocabulary ends at 0.")]
    [InlineData("""{"decoder":{"type":"CTC"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "decoder: the decoder CTC is not implemented")]
    [InlineData("""{"added_tokens":[{"id":0,"content":"x"}],"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "added_tokens[0]: the added token \"x\" has id 0; in model.vocab its id is 0, and 0 is \"a\".")]
    [InlineData("""{"added_tokens":[{"id":1,"content":"x"},{"id":1,"content":"y"}],"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "added_tokens[1]: the token \"y\" with id 1 repeats a text or an id of another added token.")]
    [InlineData("""{"added_tokens":[{"id":99999999,"content":"x"}],"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""", "added_tokens[0].id: must be an id from 0 to 4194303, is 99999999.")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"\ud800":0},"merges":[]}}""", "model.vocab: a key holds half of a surrogate pair.")]
    public void A_fault_in_a_tokenizer_json_is_named_with_its_place(string json, string message)
    {
        var path = Write("tokenizer.json", Encoding.UTF8.GetBytes(json));
        var fault = Assert.Throws<KpodException>(() => TokenizerFile.Load(path)).Message;
        Assert.StartsWith(path, fault, StringComparison.Ordinal);
        Assert.Contains(message, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var path = Write("tokenizer.json", Encoding.UTF8.GetBytes("{\"normalizer\":" + string.Concat(Enumerable.Repeat("{\"type\":\"Sequence\",\"normalizers\":[", 5000))));
        Assert.Contains("no valid JSON", Assert.Throws<KpodException>(() => TokenizerFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(DamagedModels))]
    public void A_fault_in_a_SentencePiece_model_is_named_with_its_place(byte[] model, string message)
    {
        var path = Write("tokenizer.model", model);
        var fault = Assert.Throws<KpodException>(() => TokenizerFile.Load(path)).Message;
        Assert.StartsWith(path, fault, StringComparison.Ordinal);
        Assert.Contains(message, fault, StringComparison.Ordinal);
    }

    public static TheoryData<byte[], string> DamagedModels()
    {
        var whole = SmallSentencePieceModel.Unigram();
        return new TheoryData<byte[], string>
        {
            { [], "it has 0 pieces." },
            { whole[..^1], "the data ends inside a field." },
            { whole[..3], "at byte 2 a field of 14 bytes reaches past the end." },
            { [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "a field of 18446744073709551615 bytes reaches past the end." },
            { [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "a number goes on for more than ten bytes." },
            { [0x0B], "field 1 is of kind 3, it must be of kind 2." },
            { [0x33], "a field is of the unknown kind 3." },
            { new SmallSentencePieceModel().Piece("a", 0).ToBytes(), "0 of the 1 pieces are of type unknown; there must be exactly one" },
            { new SmallSentencePieceModel().Piece("a", 0, 2).Piece("b", 0, 2).ToBytes(), "2 of the 2 pieces are of type unknown; there must be exactly one" },
            { new SmallSentencePieceModel().Piece("a", 0, 2).Piece("b", 0).Piece("b", 0).ToBytes(), "the piece \"b\" stands twice, with ids 1 and 2" },
            { new SmallSentencePieceModel().Piece("a", 0, 2).Piece("b", float.NaN).ToBytes(), "piece 1 (\"b\") has the score NaN; it must be finite" },
            { new SmallSentencePieceModel().Piece("a", 0, 2).Piece("b", 0, 9).ToBytes(), "piece 1 (\"b\") has the type 9; types are 1 to 6" },
            { new SmallSentencePieceModel().Piece("a", 0, 2).Piece(string.Empty, 0).ToBytes(), "piece 1 is empty" },
            { new SmallSentencePieceModel().Piece("a", 0, 2).Trainer(3, 4).ToBytes(), "the model type is 4; implemented are 1 (Unigram) and 2 (BPE)" },
            { new SmallSentencePieceModel().Piece("a", 0, 2).Trainer(35, 1).ToBytes(), "byte_fallback is set, but there is no byte piece <0x00>" },
            { new SmallSentencePieceModel().Piece("a", 0, 2).Normalizer(2, [1, 0, 0, 0, 5]).ToBytes(), "the precompiled character map of 5 bytes states a trie of 1 bytes; the file is damaged." },
        };
    }

    [Fact]
    public void Mutated_SentencePiece_models_load_or_are_refused_and_nothing_else()
    {
        var random = new Random(20260101);
        foreach (var original in new[] { SmallSentencePieceModel.Unigram(), SmallSentencePieceModel.Bpe(), SmallSentencePieceModel.Bpe(byteFallback: false) })
        {
            for (var i = 0; i < 500; i++)
            {
                LoadAndUse(Write("tokenizer.model", Mutate(original, random)));
            }
        }
    }

    [Fact]
    public void Mutated_tokenizer_json_files_load_or_are_refused_and_nothing_else()
    {
        var random = new Random(20260102);
        foreach (var original in SmallTokenizerJson.All())
        {
            for (var i = 0; i < 250; i++)
            {
                LoadAndUse(Write("tokenizer.json", Mutate(Encoding.UTF8.GetBytes(original), random)));
                LoadAndUse(Write("tokenizer.json", Encoding.UTF8.GetBytes(MutateTree(original, random))));
            }
        }
    }

    private static void LoadAndUse(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var tokenizer = TokenizerFile.Load(path);
            foreach (var text in new[] { "an apple  12 é\u0301 <sep></s>ſ😀\n▁a", string.Empty, " ", "\u0004\uD800" })
            {
                var ids = tokenizer.Encode(text, recogniseSpecialTokens: true).Select(token => token.Id).ToArray();
                Assert.All(tokenizer.Encode(text), token => Assert.True(token.Start >= 0 && token.Start <= token.End && token.End <= text.Length, $"{token}"));
                tokenizer.Decode(ids);
                tokenizer.EncodeWithSpecialTokens(text);
            }
        }
        catch (KpodException fault)
        {
            Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < LargestAllocation, path);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                case 4:
                    bytes[at] = 0xFF;
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static string MutateTree(string json, Random random)
    {
        var root = JsonNode.Parse(json)!;
        var nodes = Descendants(root).ToList();
        var node = nodes[random.Next(nodes.Count)];
        JsonNode?[] replacements = [null, JsonValue.Create(-1), JsonValue.Create(1L << 40), JsonValue.Create(string.Empty), JsonValue.Create("x"), JsonValue.Create(true), new JsonArray(), new JsonObject(), JsonValue.Create(1e308)];
        if (random.Next(3) == 0 && node.Parent is JsonObject parent)
        {
            parent.Remove(node.GetPropertyName());
        }
        else
        {
            node.ReplaceWith(replacements[random.Next(replacements.Length)]);
        }

        return root.ToJsonString();
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(child => Descendants(child).Prepend(child));
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}

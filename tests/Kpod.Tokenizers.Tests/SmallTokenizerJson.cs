namespace Kpod.Tokenizers.Tests;

/// <summary>Small files that between them hold every part of a <c>tokenizer.json</c> that is implemented.</summary>
internal static class SmallTokenizerJson
{
    private const string Added = """
        "added_tokens": [
          {"id": 0, "content": "</s>", "special": true, "normalized": false, "lstrip": true, "rstrip": false, "single_word": false},
          {"id": 40, "content": "<sep>", "special": false, "normalized": true, "lstrip": false, "rstrip": true, "single_word": true}]
        """;

    // A trie with the one entry "A" -> "a": 12 bytes of units (root with offset 64; 64 ^ 'A' = 1: label 'A', a value at 1 ^ 3; the value 0), then the string.
    private const string Map = "DAAAAAAAAQBBDQAAAAAAgGEA";

    public static IEnumerable<string> All()
    {
        const string Bytes = "\"</s>\":0,\"Ġ\":1,\"a\":2,\"n\":3,\"1\":4,\"Ã\":5,\"©\":6,\"Ġa\":7,\"Ġan\":8,\"Ã©\":9";
        const string Merges = "[[\"Ġ\",\"a\"],\"Ġa n\",[\"Ã\",\"©\"]]";
        const string Digits = """{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}]}""";
        const string Roberta = """{"type":"RobertaProcessing","sep":["</s>",0],"cls":["</s>",0],"trim_offsets":true,"add_prefix_space":true}""";
        yield return File(
            """{"type":"NFC"}""", Digits, Roberta, """{"type":"ByteLevel"}""",
            $"{{\"type\":\"BPE\",\"unk_token\":null,\"fuse_unk\":false,\"byte_fallback\":false,\"ignore_merges\":true,\"vocab\":{{{Bytes}}},\"merges\":{Merges}}}");

        const string Fallback = "\"</s>\":0,\"▁\":1,\"a\":2,\"n\":3,\"▁a\":4,\"<0xC3>\":5,\"<0xA9>\":6,\"<unk>\":7";
        const string Legacy = """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"},{"type":"Replace","pattern":{"Regex":" {2,}"},"content":"▁"},{"type":"Strip","strip_left":true,"strip_right":true}]}""";
        const string Chain = """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}""";
        yield return File(
            Legacy, "null", "null", Chain,
            $"{{\"type\":\"BPE\",\"unk_token\":\"<unk>\",\"fuse_unk\":true,\"byte_fallback\":true,\"vocab\":{{{Fallback}}},\"merges\":[\"▁ a\"]}}");

        const string Template = """{"type":"Sequence","processors":[{"type":"ByteLevel","trim_offsets":false},{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"</s>"}}],"special_tokens":{"</s>":{"id":"</s>","ids":[0]}}}]}""";
        const string Words = """{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}]}""";
        yield return File(
            "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"" + Map + "\"},{\"type\":\"NFKD\"}]}",
            Words, Template, """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}""",
            """{"type":"Unigram","unk_id":1,"byte_fallback":true,"vocab":[["</s>",0.0],["<unk>",0.0],["▁",-2.5],["▁a",-3.0],["n",-4.25],["apple",-5.0000000000000001]]}""");
    }

    private static string File(string normalizer, string preTokenizer, string postProcessor, string decoder, string model) =>
        $"{{{Added},\"normalizer\":{normalizer},\"pre_tokenizer\":{preTokenizer},\"post_processor\":{postProcessor},\"decoder\":{decoder},\"model\":{model}}}";
}

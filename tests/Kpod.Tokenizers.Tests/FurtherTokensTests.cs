using Kpod.Testing;
using Kpod.Tokenizers.ChatTemplates;
using Kpod.Tokenizers.Files;

namespace Kpod.Tokenizers.Tests;

/// <summary>What the files beside a <c>tokenizer.json</c> add to it, and what of it is not followed.</summary>
public sealed class FurtherTokensTests : IDisposable
{
    private const string Begin = """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}},{"Sequence":{"id":"A"}}],"special_tokens":{"<s>":{"id":"<s>","ids":[0]}}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tokenizer_config.json", """{"eos_token":"<|end|>","added_tokens_decoder":{"5":{"content":"<|end|>","special":true},"4":{"content":"<|start|>","special":true}}}""")]
    [InlineData("added_tokens.json", """{"<|start|>":4,"<|end|>":5}""")]
    public void Tokens_that_stand_in_another_file_only_are_cut_out_of_the_text(string file, string content)
    {
        Write(file, content);
        var tokenizer = Load();
        Assert.Equal([4, 2, 3, 5], tokenizer.EncodeWithSpecialTokens("<|start|>ab<|end|>", recogniseSpecialTokens: true));
        Assert.Equal(6, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("""{"2":{"content":"<|end|>","special":true}}""", "the token \"<|end|>\" has id 2, but in tokenizer.json 2 is \"a\"")]
    [InlineData("""{"7":{"content":"</s>","special":true}}""", "the token \"</s>\" has id 7, but in tokenizer.json its id is 1")]
    [InlineData("""{"x":{"content":"<|end|>"}}""", "\"x\" is none")]
    public void A_file_that_contradicts_the_tokenizer_is_named(string decoder, string expected)
    {
        Write("tokenizer_config.json", $$"""{"added_tokens_decoder":{{decoder}}}""");
        Write("tokenizer.json", Json("null"));
        Assert.Contains(expected, Assert.Throws<KpodException>(() => TokenizerFile.Load(_folder.FullPath)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LlamaTokenizerFast", "\"add_bos_token\":false,\"add_eos_token\":true", new[] { 2, 1 })]
    [InlineData("LlamaTokenizer", "\"add_eos_token\":true", new[] { 0, 2, 1 })]
    [InlineData("GemmaTokenizerFast", "\"add_bos_token\":false", new[] { 2 })]
    [InlineData("LlamaTokenizerFast", "\"padding_side\":\"left\"", new[] { 0, 2 })]
    public void A_class_that_builds_its_sequences_after_the_flags_is_followed(string name, string flags, int[] expected)
    {
        Write("tokenizer_config.json", $$"""{"tokenizer_class":"{{name}}","bos_token":"<s>","eos_token":"</s>",{{flags}}}""");
        var tokenizer = Load(Begin);
        Assert.Equal(expected, tokenizer.EncodeWithSpecialTokens("a"));
        Assert.Empty(tokenizer.Remarks);
    }

    [Fact]
    public void A_class_that_passes_the_flags_over_says_so_where_they_would_change_something()
    {
        Write("tokenizer_config.json", """{"tokenizer_class":"PreTrainedTokenizerFast","bos_token":"<s>","eos_token":"</s>","add_bos_token":false,"add_eos_token":false}""");
        var tokenizer = Load(Begin);
        Assert.Equal([0, 2], tokenizer.EncodeWithSpecialTokens("a"));
        Assert.Contains("add_bos_token is false, but tokenizer.json adds the token; tokenizer.json is followed", Assert.Single(tokenizer.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_is_to_be_added_and_is_not_there_is_named()
    {
        Write("tokenizer_config.json", """{"tokenizer_class":"LlamaTokenizer","eos_token":"</s>","add_bos_token":true}""");
        Write("tokenizer.json", Json("null"));
        Assert.Contains("add_bos_token is true, but bos_token is missing", Assert.Throws<KpodException>(() => TokenizerFile.Load(_folder.FullPath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chat_template_is_given_every_token_that_the_files_name()
    {
        Write("tokenizer_config.json", """
            {"bos_token":"<s>","pad_token":{"content":"<pad>"},"cls_token":"<cls>","image_token":"<image>","additional_special_tokens":["<a>","<b>"],"extra_special_tokens":{"audio_token":"<audio>"},
             "chat_template":"{{ bos_token }}{{ pad_token }}{{ unk_token }}{{ cls_token }}{{ image_token }}{{ audio_token }}{{ additional_special_tokens[1] }}{{ sep_token is defined }}"}
            """);
        Write("special_tokens_map.json", """{"unk_token":"<unk>","pad_token":"<other>"}""");
        var rendered = ChatTemplateFile.FindInFolder(_folder.FullPath)!.Render([new ChatMessage("user", "hi")], addGenerationPrompt: true, default);
        Assert.Equal("<s><pad><unk><cls><image><audio><b>False", rendered.Text);
    }

    [Theory]
    [InlineData("16-tokens-in-config-only", new[] { 99, 89, 87, 73, 86, 3, 76, 77, 100 }, "<|im_start|>user\nhi<|im_end|>")]
    [InlineData("17-add-bos-add-eos", new[] { 76, 77, 2 }, "hi")]
    public void The_shared_cases_give_the_ids_that_are_right(string name, int[] expected, string text) =>
        Assert.Equal(expected, TokenizerFile.Load(SharedFolder.PathOf("cases", name)).EncodeWithSpecialTokens(text, recogniseSpecialTokens: true));

    [Fact]
    public void The_shared_case_of_a_template_with_other_tokens_renders() => Assert.EndsWith(
        "<pad> unk=<pad>",
        ChatTemplateFile.FindInFolder(SharedFolder.PathOf("cases", "15-pad-token-in-template"))!.Render([new ChatMessage("user", "hi")], addGenerationPrompt: true, default).Text,
        StringComparison.Ordinal);

    private static string Json(string post) =>
        $$$"""
        {"added_tokens":[{"id":0,"content":"<s>","special":true},{"id":1,"content":"</s>","special":true}],"normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
         "post_processor":{{{post}}},"decoder":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"<s>":0,"</s>":1,"a":2,"b":3},"merges":[]}}
        """;

    private Tokenizer Load(string post = "null")
    {
        Write("tokenizer.json", Json(post));
        return TokenizerFile.Load(_folder.FullPath);
    }

    private void Write(string name, string content) => File.WriteAllText(_folder.PathOf(name), content);
}

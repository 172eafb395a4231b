using System.Text;
using Kpod.LanguageModels.Inference;
using Kpod.Testing;
using Kpod.Tokenizers.Files;

namespace Kpod.LanguageModels.Tests.Inference;

public sealed class StreamedTextTests
{
    [Theory]
    [InlineData("So 3 + 4 = 7. Q: next", "Q:", "So 3 + 4 = 7. ")]
    [InlineData("a\n\nb\n\n\nc", "\n\n\n", "a\n\nb")]
    [InlineData("no stop here QQ", "Q:", "no stop here QQ")]
    [InlineData("😀 été 中文 🇩🇪", "zzz", "😀 été 中文 🇩🇪")]
    public void The_pieces_join_to_the_text_and_show_neither_half_characters_nor_stop_texts(string written, string stop, string expected)
    {
        var tokenizer = TokenizerFile.Load(SharedFolder.PathOf("models", "SmolLM2-135M-Instruct"));
        var text = new TextUnderWay(0, 1000, [stop], [], tokenizer, new Random(1));
        var stream = new StreamedText(tokenizer, [stop]);
        var shown = new StringBuilder();
        foreach (var token in tokenizer.Encode(written))
        {
            text.Add(token.Id);
            if (text.Ended is not null)
            {
                break;
            }

            shown.Append(stream.Append(token.Id));
            Assert.StartsWith(shown.ToString(), expected, StringComparison.Ordinal);
            Assert.DoesNotContain('\uFFFD', shown.ToString());
        }

        shown.Append(stream.Finish(text.Finish().Text));
        Assert.Equal(expected, shown.ToString());
        Assert.Equal(expected, text.Finish().Text);
    }
}

using Kpod.Quickstart.Base;
using Kpod.Testing;
using Kpod.Tokenizers.Files;

namespace Kpod.Quickstart.Tests;

public sealed class QuickstartTokenizerTests : IDisposable
{
    private static readonly string[] Texts = [.. Enumerable.Repeat("Ada has 12 pens, and 12 - 7 = 5 pens stay.", 20)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_made_reads_as_an_ordinary_tokenizer_whose_offsets_give_back_the_text(bool isUnigram)
    {
        var file = isUnigram ? UnigramTokenizerFile.Make(Texts, 400) : BytePairTokenizerFile.Make(Texts, 400);
        var settings = isUnigram ? UnigramTokenizerFile.MakeSettings(64) : BytePairTokenizerFile.MakeSettings(64);
        File.WriteAllText(_folder.PathOf("tokenizer.json"), file.ToJsonString());
        File.WriteAllText(_folder.PathOf("tokenizer_config.json"), settings.ToJsonString());
        var tokenizer = TokenizerFile.Load(_folder.FullPath);
        Assert.Equal(isUnigram ? UnigramTokenizerFile.EndId : BytePairTokenizerFile.EndId, tokenizer.EndId);
        Assert.NotNull(tokenizer.UnknownId);

        const string Text = "Ada has 12 pens, and 7 is new!";
        var tokens = tokenizer.Encode(Text);

        // T5's sign of a word's start has, as in the reference, the word's first character for its place.
        var places = tokens.Select(token => (token.Start, token.End)).Distinct();
        Assert.Equal(Text.Replace(" ", string.Empty, StringComparison.Ordinal), string.Concat(places.Select(place => Text[place.Start..place.End].Trim())));
        Assert.Contains(tokens, token => Text[token.Start..token.End].Trim() == "12");
        Assert.DoesNotContain(tokens, token => token.Id == tokenizer.UnknownId);
    }
}

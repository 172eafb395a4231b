namespace Kpod.Tokenizers.Tests;

/// <summary>Holds a tokenizer against recorded cases.</summary>
internal static class CaseComparison
{
    public static void AssertNoDifference(Tokenizer tokenizer, int count, params string[] cases)
    {
        var recorded = TokenizerCase.ReadAll(cases);
        Assert.Equal(count, recorded.Count);
        foreach (var one in recorded)
        {
            var tokens = tokenizer.Encode(one.Text, recogniseSpecialTokens: true);
            Assert.Equal(one.Ids, tokens.Select(token => token.Id));
            Assert.Equal(one.OffsetsUtf16, tokens.Select(token => new[] { token.Start, token.End }));
            Assert.Equal(one.IdsSpecial, tokenizer.EncodeWithSpecialTokens(one.Text, recogniseSpecialTokens: true));
            Assert.Equal(one.Decoded, tokenizer.Decode(one.Ids!));
        }
    }
}

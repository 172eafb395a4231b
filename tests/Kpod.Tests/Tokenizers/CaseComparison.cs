using System.Text.Json;
using Kpod.Tokenizers;

namespace Kpod.Tests.Tokenizers;

/// <summary>Compares a tokenizer with recorded cases and fails with the first differences of each kind and their number.</summary>
internal static class CaseComparison
{
    public static void AssertNoDifference(Tokenizer tokenizer, IReadOnlyCollection<TokenizerCase> cases, bool recogniseSpecialTokens = true)
    {
        var differences = cases.SelectMany(one => Differences(tokenizer, one, recogniseSpecialTokens)).ToList();
        var report = differences.GroupBy(difference => difference.Kind)
            .Select(group => $"{group.Key}: {group.Count()} of {cases.Count} differ\n" + string.Join('\n', group.OrderBy(one => one.Detail.Length).Take(4).Select(one => "   " + one.Detail)));
        Assert.True(differences.Count == 0, string.Join('\n', report));
    }

    private static IEnumerable<(string Kind, string Detail)> Differences(Tokenizer tokenizer, TokenizerCase one, bool recognise)
    {
        var tokens = tokenizer.Encode(one.Text, recognise);
        int[] ids = [.. tokens.Select(token => token.Id)];
        List<(string Kind, object? Expected, object Actual)> pairs =
        [
            ("ids", one.Ids, ids),
            ("offsets", one.OffsetsUtf16, tokens.Select(token => new[] { token.Start, token.End }).ToArray()),
            ("ids with special tokens", one.IdsSpecial, tokenizer.EncodeWithSpecialTokens(one.Text, recognise)),
            ("ids with special tokens as text", one.IdsSpecialsAsText ?? one.Ids, tokenizer.Encode(one.Text).Select(token => token.Id).ToArray()),
            ("decoded", one.Decoded, tokenizer.Decode(one.Ids ?? ids)),
            ("decoded with special tokens", one.DecodedKeepSpecial ?? (recognise ? one.Decoded : null), tokenizer.Decode(one.Ids ?? ids, keepSpecialTokens: true)),
        ];
        foreach (var (kind, expected, actual) in pairs)
        {
            var (left, right) = (JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
            if (expected is not null && left != right)
            {
                yield return (kind, $"{JsonSerializer.Serialize(one.Text)}: expected {left}, is {right}");
            }
        }
    }
}

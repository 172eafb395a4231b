using Kpod.Datasets.Answers.Values;

namespace Kpod.Datasets.Answers;

/// <summary>Compares an extracted answer with the gold one: numbers exactly, as rationals and without tolerance; choices by letter; words without case, article and closing punctuation.</summary>
public static class AnswerMatcher
{
    /// <summary>Whether an answer is the gold one.</summary>
    /// <param name="extracted">The answer as extracted; null counts as wrong.</param>
    /// <param name="gold">The gold answer.</param>
    /// <param name="format">How the question's answers look.</param>
    /// <returns>Whether they are the same. <c>n%</c> is n and n/100; choices with the same text are the same choice.</returns>
    public static bool Matches(string? extracted, string gold, AnswerFormat format) => extracted is not null && format.Kind switch
    {
        AnswerKind.Number => AnswerValue.TryParse(extracted, out var left) && AnswerValue.TryParse(gold, out var right) && left.SameAs(right),
        AnswerKind.Choice => SameChoice(extracted, gold, format.Choices),
        _ => string.Equals(Bare(extracted), Bare(gold), StringComparison.OrdinalIgnoreCase),
    };

    private static bool SameChoice(string extracted, string gold, IReadOnlyDictionary<string, string> choices) => extracted == gold
        || (choices.TryGetValue(extracted, out var left) && choices.TryGetValue(gold, out var right) && string.Equals(left.Trim(), right.Trim(), StringComparison.OrdinalIgnoreCase));

    private static string Bare(string text)
    {
        var bare = text.Trim().TrimEnd('.', '!').Trim(' ', '"', '\'');
        foreach (var article in new[] { "the ", "a ", "an " })
        {
            if (bare.StartsWith(article, StringComparison.OrdinalIgnoreCase))
            {
                return bare[article.Length..].TrimStart();
            }
        }

        return bare;
    }
}

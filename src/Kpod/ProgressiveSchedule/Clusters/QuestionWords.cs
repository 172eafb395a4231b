using System.Text.RegularExpressions;

namespace Kpod.ProgressiveSchedule.Clusters;

/// <summary>Cuts a question into words as GloVe's vocabulary spells them: lower case, "n't" and "'s" apart, numbers whole.</summary>
internal static partial class QuestionWords
{
    /// <summary>The words of a text.</summary>
    /// <param name="text">A question.</param>
    /// <returns>Lower-cased words in order, repeated as they stand; punctuation is left out.</returns>
    public static IEnumerable<string> Of(string text) => Words().Matches(text.ToLowerInvariant().Replace('’', '\'')).Select(match => match.Value);

    [GeneratedRegex(@"\p{N}+(?:[.,]\p{N}+)*|n't\b|[\p{L}\p{M}]+?(?=n't\b)|'(?:s|re|ve|ll|d|m)\b|[\p{L}\p{M}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}

using System.Text.RegularExpressions;

namespace Kpod.Evaluation.Statistics;

/// <summary>
/// Test questions that also stand in training but for their numbers: a student may answer them by what it remembers. Lower case, blanks collapsed, numbers as <c>#</c>; number words stay, and punctuation counts.
/// </summary>
/// <param name="Twins">By test question: training questions that are the same once numbers are masked.</param>
/// <param name="Copies">By test question: training questions that are the same with their numbers.</param>
public sealed partial record Leakage(IReadOnlyList<IReadOnlyList<int>> Twins, IReadOnlyList<IReadOnlyList<int>> Copies)
{
    /// <summary>Share of test questions that have a twin.</summary>
    public double Share => Twins.Count == 0 ? 0 : (double)Twins.Count(twins => twins.Count > 0) / Twins.Count;

    /// <summary>Looks for twins.</summary>
    /// <param name="train">Texts of the training questions.</param>
    /// <param name="test">Texts of the test questions.</param>
    /// <returns>Which are there.</returns>
    public static Leakage Of(IReadOnlyList<string> train, IReadOnlyList<string> test) => new(Same(train, test, Mask), Same(train, test, Plain));

    /// <summary>A question with its numbers masked.</summary>
    /// <param name="text">The question.</param>
    /// <returns>The text that is compared.</returns>
    public static string Mask(string text) => Number().Replace(Plain(text), "#");

    private static string Plain(string text) => Blanks().Replace(text.Trim().ToLowerInvariant(), " ");

    private static IReadOnlyList<int>[] Same(IReadOnlyList<string> train, IReadOnlyList<string> test, Func<string, string> form)
    {
        var places = Enumerable.Range(0, train.Count).ToLookup(index => form(train[index]), StringComparer.Ordinal);
        return [.. test.Select(text => (IReadOnlyList<int>)[.. places[form(text)]])];
    }

    [GeneratedRegex(@"\d+(?:[.,]\d+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

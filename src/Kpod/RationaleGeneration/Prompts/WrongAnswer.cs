using System.Globalization;
using System.Text.RegularExpressions;
using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>
/// A wrong answer a' for a counterfactual prompt. Of choices, another letter. Of numbers, one of those in the question, a - 1, a + 1, 10 a and a / 2, as SCOTT has no rule for numbers.
/// </summary>
public static partial class WrongAnswer
{
    /// <summary>Draws a wrong answer.</summary>
    /// <param name="question">The question; its answer is a choice or a number.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>The same for the same question and seed.</returns>
    /// <exception cref="KpodException">The question has neither choices nor a number as its answer.</exception>
    public static string Of(Question question, long seed)
    {
        var candidates = question.Choices is { } choices ? [.. choices.Keys.Where(letter => letter != question.Answer)] : Numbers(question);
        return candidates[Seeds.Generator(seed, $"wrong answer/{question.Id}").Next(candidates.Length)];
    }

    private static string[] Numbers(Question question)
    {
        if (!TryParse(question.Answer, out var gold))
        {
            throw new KpodException($"question '{question.Id}': its answer '{question.Answer}' is neither a choice nor a number, so no wrong one can be made for a counterfactual prompt.");
        }

        // Whole answers get whole wrong ones: a fraction would give itself away.
        var near = new[] { gold - 1, gold + 1, 10 * gold, gold / 2 }.Concat(Number().Matches(question.Text).Select(match => TryParse(match.Value, out var number) ? number : gold));
        return [.. near.Where(number => number != gold && (gold != decimal.Truncate(gold) || number == decimal.Truncate(number))).Select(Text).Distinct()];
    }

    private static bool TryParse(string text, out decimal value) =>
        decimal.TryParse(text.Replace(",", string.Empty, StringComparison.Ordinal), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && Math.Abs(value) < 1e20m;

    private static string Text(decimal value) => (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w%])")]
    private static partial Regex Number();
}

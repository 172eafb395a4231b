using System.Globalization;
using System.Text.RegularExpressions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>
/// Numbers that could pass for a gold one: what others answered, what stands in the question, what the rationale comes to on its way, and neighbours. All are written as the gold one is, with as many decimals and with commas between
/// thousands where it has them, so that the form gives no answer away; what does not fit into that form exactly, or is negative, is left out.
/// </summary>
internal sealed partial class WrongNumbers
{
    private WrongNumbers()
    {
    }

    /// <summary>Other answers of the teacher to the question.</summary>
    public required IReadOnlyList<string> OtherAnswers { get; init; }

    /// <summary>Numbers in the question.</summary>
    public required IReadOnlyList<string> QuestionNumbers { get; init; }

    /// <summary>Numbers right behind "=" in the rationale.</summary>
    public required IReadOnlyList<string> IntermediateResults { get; init; }

    /// <summary>a - 1, a + 1, 10 a and a / 2.</summary>
    public required IReadOnlyList<string> Neighbours { get; init; }

    /// <summary>All of them once, neighbours first.</summary>
    public IReadOnlyList<string> All => [.. Neighbours.Concat(QuestionNumbers).Concat(IntermediateResults).Concat(OtherAnswers).Distinct()];

    /// <summary>Finds the numbers.</summary>
    /// <param name="gold">The gold answer.</param>
    /// <param name="question">The question's text.</param>
    /// <param name="rationale">A rationale of the gold answer; null where none is known.</param>
    /// <param name="otherAnswers">Final answers of sampled rationales, right and wrong; those that are no numbers are left out.</param>
    /// <returns>The numbers by where they come from; null where the gold answer is no number.</returns>
    public static WrongNumbers? Of(string gold, string question, string? rationale = null, IReadOnlyList<string>? otherAnswers = null)
    {
        if (!TryParse(gold, out var value))
        {
            return null;
        }

        var decimals = gold.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 ? gold.Length - point - 1 : 0;
        var format = (gold.Contains(',', StringComparison.Ordinal) ? "N" : "F") + decimals.ToString(CultureInfo.InvariantCulture);
        return new WrongNumbers
        {
            OtherAnswers = Write((otherAnswers ?? []).Select(Parse)),
            QuestionNumbers = Write(Number().Matches(question).Select(match => Parse(match.Value))),
            IntermediateResults = Write(Result().Matches(rationale ?? string.Empty).Select(match => Parse(match.Groups[1].Value))),
            Neighbours = Write([value - 1, value + 1, 10 * value, value / 2]),
        };

        string[] Write(IEnumerable<decimal?> numbers) => [.. numbers.OfType<decimal>().Where(number => number >= 0 && number != value && Fits(number, format)).Select(number => number.ToString(format, CultureInfo.InvariantCulture)).Distinct()];
    }

    private static bool TryParse(string text, out decimal value) =>
        decimal.TryParse(text.Replace(",", string.Empty, StringComparison.Ordinal), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && Math.Abs(value) < 1e20m;

    private static decimal? Parse(string text) => TryParse(text, out var value) ? value : null;

    private static bool Fits(decimal number, string format) => decimal.Parse(number.ToString(format, CultureInfo.InvariantCulture), NumberStyles.Number, CultureInfo.InvariantCulture) == number;

    // A share of a hundred is no answer, nor is a number that is part of a name.
    [GeneratedRegex(@"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w%])")]
    private static partial Regex Number();

    [GeneratedRegex(@"=\s*\$?\s*(\d+(?:[.,]\d+)*)")]
    private static partial Regex Result();
}

using System.Text.RegularExpressions;

namespace Kpod.Datasets.Answers;

/// <summary>
/// The answer filters and the comparison of lm-evaluation-harness 0.4.13 for GSM8K, slips included, so that accuracies can be set beside published ones.
/// The harness also cuts a generation at <c>Question:</c>, <c>&lt;/s&gt;</c> and <c>&lt;|im_end|&gt;</c>; here the text is filtered as it is given.
/// </summary>
public static partial class HarnessFilter
{
    /// <summary>What the harness gives where a filter finds nothing.</summary>
    public const string Invalid = "[invalid]";

    /// <summary>The filter <c>strict-match</c> of <c>gsm8k.yaml</c>: the first number behind <c>####</c>.</summary>
    /// <param name="text">A generation.</param>
    /// <returns>The number as written, or <see cref="Invalid"/>.</returns>
    public static string Strict(string text) => Group(Marker().Match(text));

    /// <summary>The filter <c>flexible-extract</c> of <c>gsm8k.yaml</c>: the last thing that looks like a number.</summary>
    /// <param name="text">A generation.</param>
    /// <returns>The number as written, or <see cref="Invalid"/>.</returns>
    public static string Flexible(string text)
    {
        var last = Invalid;
        foreach (Match match in AnyNumber().Matches(text))
        {
            last = match.Value.Trim();
        }

        return last;
    }

    /// <summary>The filter <c>strict-match</c> of <c>gsm8k-cot.yaml</c>: the first number behind "The answer is", whose last character its closing dot may swallow.</summary>
    /// <param name="text">A generation.</param>
    /// <returns>The number as written, or <see cref="Invalid"/>.</returns>
    public static string CotStrict(string text) => Group(CotAnswer().Match(text));

    /// <summary>The metric <c>exact_match</c> with the task's normalisation; nothing numeric, so 5.0 is not 5.</summary>
    /// <param name="prediction">What a filter gave.</param>
    /// <param name="reference">The gold answer or the whole gold solution.</param>
    /// <returns>Whether both are equal after normalisation.</returns>
    public static bool ExactMatch(string prediction, string reference) =>
        string.Equals(Normalise(prediction), Normalise(reference), StringComparison.Ordinal);

    private static string Normalise(string text)
    {
        var plain = text.Replace(",", string.Empty, StringComparison.Ordinal).Replace("$", string.Empty, StringComparison.Ordinal);
        return ClosingDot().Replace(UpToMarker().Replace(plain, string.Empty), string.Empty).ToLowerInvariant();
    }

    private static string Group(Match match) => match.Success ? match.Groups[1].Value.Trim() : Invalid;

    [GeneratedRegex(@"#### (\-?[0-9\.\,]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Marker();

    [GeneratedRegex(@"(-?[$0-9.,]{2,})|(-?[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex AnyNumber();

    [GeneratedRegex(@"The answer is (\-?[0-9\.\,]+).", RegexOptions.CultureInvariant)]
    private static partial Regex CotAnswer();

    [GeneratedRegex(@"(?s).*#### ", RegexOptions.CultureInvariant)]
    private static partial Regex UpToMarker();

    [GeneratedRegex(@"\.$", RegexOptions.CultureInvariant)]
    private static partial Regex ClosingDot();
}

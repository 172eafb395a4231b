using System.Text.RegularExpressions;

namespace Kpod.RationaleGeneration.Quality;

/// <summary>
/// Tells a refusal from an answer by its words, for teachers whose server does not mark refusals. It looks at the opening alone, and only for what a teacher says of itself ("I'm sorry, but I can't help with
/// that", "As an AI language model, I cannot provide such content"); a text that cannot find its answer ("it cannot be determined") refuses nothing. English only. It errs on one side: a refusal in other words
/// counts as a text without an answer, and is dropped as such.
/// </summary>
internal static partial class RefusalDetector
{
    private const int OpeningLength = 240;

    private const string Apology = @"(?:(?:(?:i'm|i am|we're|we are)\s+(?:(?:very|really|so|truly)\s+)?sorry|sorry|apologies|my apologies|i apologi[sz]e|unfortunately)\b[^.!?\n]{0,40}?[,.;:!]?\s*(?:but\s+)?)?";
    private const string SelfDescription = @"(?:as an? (?:ai|artificial intelligence|large language model|language model)\b[^.!?\n]{0,60}?,\s*)?";
    private const string CanNot = @"(?:\s+(?:cannot|can't|can not|won't|will not)|(?:'m|\s+am)\s+(?:unable to|not able to|not allowed to|not permitted to|not going to))";
    private const string Serve = @"(?:(?:help|assist)(?!\s+but)|comply|fulfil+\s+(?:that|this|your)|(?:provide|generate|create|write|produce)\s+(?:that|such)|provide\s+(?:help|assistance|any assistance)|answer\s+(?:that|such)"
        + @"|respond\s+to\s+(?:that|such)|discuss\s+(?:that|such)|engage\s+(?:in|with)|participate\s+in|do\s+(?:that|this)(?=\s*[.,!]|\s*$))";

    /// <summary>Whether a text refuses.</summary>
    /// <param name="text">What a teacher wrote.</param>
    /// <returns>Whether its opening is one of a refusal.</returns>
    public static bool IsRefusal(string text)
    {
        var opening = text.TrimStart().Replace('’', '\'');
        return Refusal().IsMatch(opening.Length <= OpeningLength ? opening : opening[..OpeningLength]);
    }

    // An apology or a self-description alone refuses nothing, nor does "I can't see how ...".
    [GeneratedRegex($@"^{Apology}{SelfDescription}i(?:{CanNot}\s+{Serve}|\s+(?:must|have to)\s+(?:respectfully\s+|politely\s+)?(?:decline|refuse))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Refusal();
}

using System.Text.RegularExpressions;
using Kpod.Datasets.Answers.Values;

namespace Kpod.Datasets.Answers;

/// <summary>Finds the choice that a whole text settles on.</summary>
internal static partial class ChoiceAnswerReader
{
    /// <summary>Reads a text.</summary>
    /// <param name="text">What a model or a teacher wrote, cut by <see cref="AnswerText.Cut"/>.</param>
    /// <param name="choices">Letter and text of each choice.</param>
    /// <returns>The letter, or null where the text settles on no single choice.</returns>
    public static ExtractedAnswer? Read(string text, IReadOnlyDictionary<string, string> choices)
    {
        var clean = AnswerText.Clean(text);
        var mentions = new ChoiceMentions(choices);
        foreach (var statement in AnswerStatement.Find(clean).AsEnumerable().Reverse())
        {
            var passage = statement.Rule == ExtractionRule.Statement ? FirstSentence(clean[statement.Start..statement.End]) : clean[statement.Start..statement.End];
            if (TryRead(mentions, WithoutReason(passage), announced: true, out var letter))
            {
                return Found(letter, choices, statement.Rule);
            }
        }

        foreach (var match in Verdict().Matches(clean).Reverse())
        {
            if (TryRead(mentions, match.Value, announced: false, out var letter))
            {
                return Found(letter, choices, ExtractionRule.Statement);
            }
        }

        return ByNumber(text, choices) ?? BySentence(clean, choices, mentions);
    }

    private static ExtractedAnswer? BySentence(string clean, IReadOnlyDictionary<string, string> choices, ChoiceMentions mentions)
    {
        var sentences = Sentence().Matches(clean).Select(match => match.Value.Trim()).Where(sentence => sentence.Length > 0).ToList();
        for (var index = sentences.Count - 1; index >= 0; index--)
        {
            if (TryRead(mentions, sentences[index], announced: sentences.Count == 1, out var letter))
            {
                var byLetter = mentions.Letters(ChoiceMentions.Split(sentences[index]), sentences.Count == 1).Count > 0;
                var rule = sentences.Count == 1 && sentences[0].Length < 4 ? ExtractionRule.WholeText : byLetter ? ExtractionRule.LastSentence : ExtractionRule.ChoiceText;
                return Found(letter, choices, rule);
            }
        }

        return null;
    }

    // True where the passage speaks of choices; the letter is then null where it names more than one.
    private static bool TryRead(ChoiceMentions mentions, string passage, bool announced, out string? letter)
    {
        var pieces = ChoiceMentions.Split(passage);
        var letters = mentions.Letters(pieces, announced);
        var named = letters.Count > 0 ? letters : mentions.Texts(pieces);
        letter = named.Count == 1 ? named[0] : null;
        return named.Count > 0;
    }

    private static ExtractedAnswer? Found(string? letter, IReadOnlyDictionary<string, string> choices, ExtractionRule rule) =>
        letter is not null && choices.ContainsKey(letter) ? new ExtractedAnswer(letter, rule) : null;

    // Where the choices are numbers, the number that the text gives decides, not the numbers that it reckons with.
    private static ExtractedAnswer? ByNumber(string text, IReadOnlyDictionary<string, string> choices)
    {
        var values = choices.Select(choice => (choice.Key, Value: AnswerValue.TryParse(choice.Value, out var value) ? value : null)).ToList();
        if (values.Any(choice => choice.Value is null) || BracketedLetter().IsMatch(text) || NumberAnswerReader.Read(text) is not { } number || !AnswerValue.TryParse(number.Text, out var given))
        {
            return null;
        }

        var same = values.Where(choice => choice.Value!.SameAs(given)).Select(choice => choice.Key).ToList();
        return same.Count == 1 ? new ExtractedAnswer(same[0], ExtractionRule.ChoiceText) : null;
    }

    private static string FirstSentence(string passage)
    {
        var trimmed = passage.TrimStart();
        var match = Sentence().Match(trimmed);
        return match.Success ? match.Value : trimmed;
    }

    private static string WithoutReason(string passage)
    {
        var reason = Reason().Match(passage);
        return reason.Success ? passage[..reason.Index] : passage;
    }

    // A full stop behind a lone letter is no end: "C. river".
    [GeneratedRegex(@"[^.!?。\n]*(?:(?<=^\s*[A-Za-z]|\W[A-Z])\.[ \t]+[^.!?。\n]*)?[.!?。\n]?", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"(?<=\S\s*),?\s(?:because|since|which|although|whereas|as (?:it|they|he|she|the|this))\b", RegexOptions.CultureInvariant)]
    private static partial Regex Reason();

    [GeneratedRegex(
        @"\b(?:correct|best|right|final|most likely)\s+(?:option|choice|one)\b[^.!?\n]*|\b(?:option|choice)\s+\W?[A-Za-z]\W?\s+is\s+(?:the\s+)?(?:correct|right|best|most|answer)\b|\b(?:I|we)\s+(?:would\s+)?(?:choose|chose|pick|select|go with)\b[^.!?\n]*",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Verdict();

    [GeneratedRegex(@"[(\[][A-Za-z][)\]]", RegexOptions.CultureInvariant)]
    private static partial Regex BracketedLetter();
}

namespace Kpod.Datasets.Answers.Values;

/// <summary>Judges whether a passage means one number when it names it.</summary>
internal static class NumberSettlement
{
    /// <summary>Whether the passage settles on a chosen number, or goes on to a range, an alternative, a list, a second unit or an open calculation.</summary>
    /// <param name="tokens">The passage.</param>
    /// <param name="chosen">Index of the number.</param>
    /// <returns>The number, another one that replaces it, or a refusal.</returns>
    public static NumberReading Settle(List<AnswerToken> tokens, int chosen)
    {
        if (IsCalculation(tokens, chosen))
        {
            return WorkedOut(tokens, chosen);
        }

        if (tokens[chosen].Value is null || IsCompound(tokens, chosen) || IsBounded(tokens, chosen))
        {
            return NumberReading.Refusal;
        }

        var next = BehindUnit(tokens, chosen);
        if (next + 1 >= tokens.Count || !NumberPassage.IsNumeric(tokens[next + 1]))
        {
            return NumberReading.Of(tokens[chosen].Value!);
        }

        var fromStart = chosen > 1 && tokens[chosen - 1].Is("from") && AnswerVocabulary.Changes(tokens[chosen - 2].Text);
        return tokens[next].Text switch
        {
            "or" => Alternative(tokens, chosen, next + 1),
            "to" when fromStart => Settle(tokens, next + 1),
            "to" => NumberReading.Refusal,
            "and" when next == chosen + 1 => NumberReading.Refusal,
            "," when next == chosen + 1 => EndOfList(tokens, next + 1),
            _ => NumberReading.Of(tokens[chosen].Value!),
        };
    }

    /// <summary>Whether a number is part of a calculation that is not worked out.</summary>
    public static bool IsCalculation(List<AnswerToken> tokens, int number)
    {
        if (number > 1 && tokens[number - 1].Kind == AnswerTokenKind.Operator && NumberPassage.HasNumber(tokens.Skip(number - 5).Take(Math.Min(4, number - 1))))
        {
            return true;
        }

        var next = BehindUnit(tokens, number);
        return next < tokens.Count && tokens[next].Kind == AnswerTokenKind.Operator && NumberPassage.HasNumber(tokens.Skip(next + 1).Take(4)) && !IsDash(tokens, next);
    }

    // "168 pens - 65 red and 103 blue": between words a spaced dash is punctuation.
    private static bool IsDash(List<AnswerToken> tokens, int sign) => tokens[sign].Is("-", "–") && tokens[sign - 1].Kind == AnswerTokenKind.Word
        && !tokens.Skip(sign).Any(token => token.Kind == AnswerTokenKind.EqualsSign);

    private static int BehindUnit(List<AnswerToken> tokens, int number)
    {
        var next = number + 1;
        while (next < tokens.Count && next <= number + 3 && (tokens[next].Kind == AnswerTokenKind.Word || tokens[next].Is(")")) && !AnswerVocabulary.Verbs.Contains(tokens[next].Text)
            && !tokens[next].Is("or", "to", "and"))
        {
            next++;
        }

        return next;
    }

    // "5 times 7, or 35": the value of a calculation may stand behind "or".
    private static NumberReading WorkedOut(List<AnswerToken> tokens, int start)
    {
        var or = tokens.FindIndex(start, token => token.Is("or"));
        return or >= 0 && or + 1 < tokens.Count && tokens[or + 1].Value is { } value && !IsCalculation(tokens, or + 1) ? NumberReading.Of(value) : NumberReading.Refusal;
    }

    // "0.60 or 60%" and "9600 meters or 9.6 kilometers" say one thing twice.
    private static NumberReading Alternative(List<AnswerToken> tokens, int first, int second)
    {
        var (left, right) = (tokens[first].Value!, tokens[second].Value);
        if (right is null)
        {
            return NumberReading.Refusal;
        }

        if (left.SameAs(right))
        {
            return NumberReading.Of(right.IsPercent ? right : left);
        }

        var units = tokens[first + 1].Kind == AnswerTokenKind.Word && second + 1 < tokens.Count && tokens[second + 1].Kind == AnswerTokenKind.Word;
        return units && !tokens[first + 1].Is("or") && tokens[first + 1].Text.TrimEnd('s') != tokens[second + 1].Text.TrimEnd('s') ? NumberReading.Of(left) : NumberReading.Refusal;
    }

    // "1, 2, 3" and "1, 2, and 3" end at 3; "1, 2 or 3" settles on nothing.
    private static NumberReading EndOfList(List<AnswerToken> tokens, int element)
    {
        var next = element + 1;
        while (next < tokens.Count && (tokens[next].Kind == AnswerTokenKind.Comma || tokens[next].Is("and", "or")))
        {
            if (tokens[next].Is("or"))
            {
                return NumberReading.Refusal;
            }

            next++;
        }

        return next > element + 1 && next < tokens.Count && NumberPassage.IsNumeric(tokens[next])
            ? EndOfList(tokens, next)
            : tokens[element].Value is { } value ? NumberReading.Of(value) : NumberReading.Refusal;
    }

    private static bool IsCompound(List<AnswerToken> tokens, int number)
    {
        var second = number + 2;
        while (second < tokens.Count && (tokens[second].Kind == AnswerTokenKind.Comma || tokens[second].Is("and")))
        {
            second++;
        }

        return second + 1 < tokens.Count && NumberPassage.IsNumeric(tokens[second]) && tokens[number + 1].Text != tokens[second + 1].Text
            && AnswerVocabulary.CompoundUnits.Any(units => units.Contains(tokens[number + 1].Text) && units.Contains(tokens[second + 1].Text));
    }

    // "between 5 and 7", "somewhere from 5 to 7", "3 < x"; "<4>" is a number in brackets.
    private static bool IsBounded(List<AnswerToken> tokens, int chosen)
    {
        var before = chosen > 0 ? tokens[chosen - 1].Text : string.Empty;
        var after = chosen + 1 < tokens.Count ? tokens[chosen + 1].Text : string.Empty;
        var endOfRange = before == "to" && chosen > 2 && NumberPassage.IsNumeric(tokens[chosen - 2]) && tokens[chosen - 3].Is("from") && !(chosen > 3 && AnswerVocabulary.Changes(tokens[chosen - 4].Text));
        return before is "between" or "either" || endOfRange || (!(before == "<" && after == ">") && (before is "<" or ">" or "≤" or "≥" || after is "<" or ">" or "≤" or "≥"));
    }
}

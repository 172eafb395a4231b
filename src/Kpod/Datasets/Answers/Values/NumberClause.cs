namespace Kpod.Datasets.Answers.Values;

/// <summary>Reads the one number that a passage of a sentence's length settles on.</summary>
internal static class NumberClause
{
    /// <summary>Reads a passage behind "the answer is" or its like.</summary>
    /// <param name="tokens">The passage up to its end.</param>
    /// <returns>What it says.</returns>
    public static NumberReading ReadStatement(List<AnswerToken> tokens)
    {
        if (Refuses(tokens))
        {
            return NumberReading.Refusal;
        }

        var passage = NumberPassage.Prepared(tokens);
        passage = StartsWithNumberWord(passage) || !NumberPassage.HasNumber(passage) ? NumberWords.Replace(passage) : passage;
        return Read(NumberPassage.WithoutReasons(NumberPassage.OfTotal(NumberPassage.BehindResult(passage))));
    }

    /// <summary>Reads a sentence that announces nothing.</summary>
    /// <param name="tokens">The sentence.</param>
    /// <param name="readWords">Whether number words count where there are no digits.</param>
    /// <returns>What it says.</returns>
    public static NumberReading ReadSentence(List<AnswerToken> tokens, bool readWords)
    {
        var passage = NumberPassage.Prepared(tokens);
        passage = readWords && !NumberPassage.HasNumber(passage) ? NumberWords.Replace(passage) : passage;
        if (!NumberPassage.HasNumber(passage))
        {
            return NumberReading.Nothing;
        }

        return Read(NumberPassage.WithoutReasons(NumberPassage.WithoutOpeningClause(NumberPassage.OfTotal(NumberPassage.BehindResult(NumberPassage.BehindOutcome(NumberPassage.BehindConclusion(passage)))))));
    }

    /// <summary>Whether a passage says that there is no answer before it gives any number.</summary>
    public static bool Refuses(List<AnswerToken> tokens)
    {
        for (var index = 0; index < tokens.Count && !NumberPassage.IsNumeric(tokens[index]); index++)
        {
            var token = tokens[index];
            var denied = token.Is("cannot", "can't", "unable", "couldn't") || (token.Is("not") && index > 0 && tokens[index - 1].Is("can", "could", "possible"));
            var told = AnswerVocabulary.Unknown.Contains(token.Text) && (index == 0 || tokens[index - 1].Is("is", "are", "was", "be", "remains", "seems"));
            if (told
                || (denied && tokens.Skip(index + 1).Take(3).Any(next => next.Is("determine", "determined", "answer", "answered", "calculate", "calculated", "solve", "solved", "know", "known", "say")))
                || (token.Is("enough", "sufficient") && tokens.Skip(index + 1).Take(1).Any(next => next.Is("information", "data"))))
            {
                return true;
            }
        }

        return false;
    }

    private static NumberReading Read(List<AnswerToken> tokens)
    {
        for (var index = tokens.Count - 1; index >= 0; index--)
        {
            if (tokens[index].Kind == AnswerTokenKind.EqualsSign)
            {
                var reading = AtEquals(tokens, index);
                if (reading.Speaks)
                {
                    return reading;
                }
            }
        }

        return Argument(tokens) is { } chosen ? NumberSettlement.Settle(tokens, chosen) : NumberReading.Nothing;
    }

    // The result stands behind the last equals sign; where nothing is worked out there, in front of it: "5 apples = 3 + 2".
    private static NumberReading AtEquals(List<AnswerToken> tokens, int equals)
    {
        var right = tokens.Skip(equals + 1).ToList();
        var result = right.FindIndex(NumberPassage.IsNumeric);
        if (result >= 0 && !NumberSettlement.IsCalculation(right, result))
        {
            return NumberSettlement.Settle(right, result);
        }

        var start = equals;
        while (start > 0 && tokens[start - 1].Kind != AnswerTokenKind.EqualsSign)
        {
            start--;
        }

        var left = tokens.Skip(start).Take(equals - start).ToList();
        var calculates = left.Any(token => token.Kind == AnswerTokenKind.Operator);
        if (left.Count(NumberPassage.IsNumeric) == 1 && !calculates && (result >= 0 || right.Any(token => token.Kind == AnswerTokenKind.Word)))
        {
            return NumberSettlement.Settle(left, left.FindIndex(NumberPassage.IsNumeric));
        }

        return result >= 0 || calculates ? NumberReading.Refusal : NumberReading.Nothing;
    }

    // The first number behind the verb that is neither context ("of the 4 friends") nor a name ("class 3").
    private static int? Argument(List<AnswerToken> tokens)
    {
        var free = new List<int>();
        var context = new List<int>();
        for (var index = 0; index < tokens.Count; index++)
        {
            if (!NumberPassage.IsNumeric(tokens[index]))
            {
                continue;
            }

            (IsContext(tokens, index) || IsName(tokens, index) ? context : free).Add(index);
        }

        if (free.Count == 0)
        {
            return context.Count == 0 ? null : context[^1];
        }

        var verb = tokens.ToList().FindIndex(token => AnswerVocabulary.Verbs.Contains(token.Text));
        var behind = free.FindIndex(index => verb >= 0 && index > verb);
        return behind >= 0 ? free[behind] : free[0];
    }

    private static bool IsContext(List<AnswerToken> tokens, int number)
    {
        var before = number - 1;
        var known = before >= 0 && tokens[before].Text.EndsWith("'s", StringComparison.Ordinal);
        while (before >= 0 && AnswerVocabulary.Determiners.Contains(tokens[before].Text))
        {
            known |= AnswerVocabulary.Definite.Contains(tokens[before].Text);
            before--;
        }

        if (before < 1 || !AnswerVocabulary.Prepositions.Contains(tokens[before].Text))
        {
            return known || (before == 0 && AnswerVocabulary.Prepositions.Contains(tokens[0].Text));
        }

        return tokens[before].Text switch
        {
            "to" => !tokens[before - 1].Is("equal", "up", "comes", "amounts", "down"),
            "of" => !AnswerVocabulary.Amounts.Contains(tokens[before - 1].Text),
            _ => true,
        };
    }

    private static bool IsName(List<AnswerToken> tokens, int number) =>
        number > 0 && (AnswerVocabulary.NamedByNumber.Contains(tokens[number - 1].Text) || tokens[number - 1].Is("#"));

    private static bool StartsWithNumberWord(List<AnswerToken> tokens)
    {
        var replaced = NumberWords.Replace(tokens);
        return replaced.FindIndex(NumberPassage.IsNumeric) is >= 0 and <= 1 && tokens.FindIndex(NumberPassage.IsNumeric) is < 0 or > 1;
    }
}

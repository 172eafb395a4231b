namespace Kpod.Datasets.Answers;

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

        var passage = WithoutNegated(JoinSpacedGroups(WithSigns(tokens)));
        passage = StartsWithNumberWord(passage) || !HasNumber(passage) ? NumberWords.Replace(passage) : passage;
        return Read(WithoutReasons(passage));
    }

    /// <summary>Reads a sentence that announces nothing.</summary>
    /// <param name="tokens">The sentence.</param>
    /// <param name="readWords">Whether number words count where there are no digits.</param>
    /// <returns>What it says.</returns>
    public static NumberReading ReadSentence(List<AnswerToken> tokens, bool readWords)
    {
        var passage = WithoutNegated(WithSigns(tokens));
        passage = readWords && !HasNumber(passage) ? NumberWords.Replace(passage) : passage;
        if (!HasNumber(passage))
        {
            return NumberReading.Nothing;
        }

        return Read(WithoutReasons(WithoutOpeningClause(BehindConclusion(passage))));
    }

    /// <summary>Whether a passage says that there is no answer.</summary>
    public static bool Refuses(List<AnswerToken> tokens)
    {
        for (var index = 0; index < tokens.Count; index++)
        {
            var token = tokens[index];
            var denied = token.Is("cannot", "can't", "unable", "couldn't") || (token.Is("not") && index > 0 && tokens[index - 1].Is("can", "could", "possible"));
            if (AnswerVocabulary.Unknown.Contains(token.Text)
                || (denied && tokens.Skip(index + 1).Take(3).Any(next => next.Is("determine", "determined", "answer", "answered", "calculate", "calculated", "solve", "solved", "know", "known", "say")))
                || (token.Is("enough", "sufficient") && tokens.Skip(index + 1).Take(1).Any(next => next.Is("information", "data"))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a passage holds digits.</summary>
    public static bool HasNumber(IEnumerable<AnswerToken> tokens) => tokens.Any(IsNumeric);

    private static bool IsNumeric(AnswerToken token) => token.Kind is AnswerTokenKind.Number or AnswerTokenKind.NotANumber;

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

        return Argument(tokens) is { } chosen ? Settle(tokens, chosen) : NumberReading.Nothing;
    }

    // The result stands behind the last equals sign; where nothing is worked out there, in front of it: "5 apples = 3 + 2".
    private static NumberReading AtEquals(List<AnswerToken> tokens, int equals)
    {
        var right = tokens.Skip(equals + 1).ToList();
        var result = right.FindIndex(IsNumeric);
        if (result >= 0 && !IsCalculation(right, result))
        {
            return Settle(right, result);
        }

        var start = equals;
        while (start > 0 && tokens[start - 1].Kind != AnswerTokenKind.EqualsSign)
        {
            start--;
        }

        var left = tokens.Skip(start).Take(equals - start).ToList();
        var calculates = left.Any(token => token.Kind == AnswerTokenKind.Operator);
        if (left.Count(IsNumeric) == 1 && !calculates && (result >= 0 || right.Any(token => token.Kind == AnswerTokenKind.Word)))
        {
            return Settle(left, left.FindIndex(IsNumeric));
        }

        return result >= 0 || calculates ? NumberReading.Refusal : NumberReading.Nothing;
    }

    private static bool IsCalculation(List<AnswerToken> tokens, int number)
    {
        if (number > 0 && tokens[number - 1].Kind == AnswerTokenKind.Operator)
        {
            return true;
        }

        var next = number + 1;
        while (next < tokens.Count && next <= number + 3 && (tokens[next].Kind == AnswerTokenKind.Word || tokens[next].Is(")")) && !AnswerVocabulary.Verbs.Contains(tokens[next].Text))
        {
            next++;
        }

        return next < tokens.Count && tokens[next].Kind == AnswerTokenKind.Operator && HasNumber(tokens.Skip(next + 1).Take(4));
    }

    // The first number behind the verb that is neither context ("of the 4 friends") nor a name ("class 3").
    private static int? Argument(List<AnswerToken> tokens)
    {
        var free = new List<int>();
        var last = -1;
        for (var index = 0; index < tokens.Count; index++)
        {
            if (!IsNumeric(tokens[index]))
            {
                continue;
            }

            last = index;
            if (!IsContext(tokens, index) && !IsName(tokens, index))
            {
                free.Add(index);
            }
        }

        if (free.Count == 0)
        {
            return last < 0 ? null : last;
        }

        var verb = tokens.ToList().FindIndex(token => AnswerVocabulary.Verbs.Contains(token.Text));
        var behind = free.FindIndex(index => verb >= 0 && index > verb);
        return behind >= 0 ? free[behind] : free[0];
    }

    private static bool IsContext(List<AnswerToken> tokens, int number)
    {
        var before = number - 1;
        while (before >= 0 && AnswerVocabulary.Determiners.Contains(tokens[before].Text))
        {
            before--;
        }

        return before >= 0 && AnswerVocabulary.Prepositions.Contains(tokens[before].Text) && !(tokens[before].Is("to") && before > 0 && tokens[before - 1].Is("equal", "up", "comes", "amounts"));
    }

    private static bool IsName(List<AnswerToken> tokens, int number) =>
        number > 0 && (AnswerVocabulary.NamedByNumber.Contains(tokens[number - 1].Text) || tokens[number - 1].Is("#"));

    private static NumberReading Settle(List<AnswerToken> tokens, int chosen)
    {
        if (tokens[chosen].Value is null || IsCalculation(tokens, chosen) || IsCompound(tokens, chosen) || (chosen > 0 && tokens[chosen - 1].Is("between", "either")))
        {
            return NumberReading.Refusal;
        }

        var next = chosen + 1;
        while (next < tokens.Count && next <= chosen + 3 && tokens[next].Kind == AnswerTokenKind.Word && !tokens[next].Is("or", "to", "and"))
        {
            next++;
        }

        if (next + 1 >= tokens.Count || !IsNumeric(tokens[next + 1]))
        {
            return NumberReading.Of(tokens[chosen].Value!);
        }

        var fromStart = chosen > 0 && tokens[chosen - 1].Is("from");
        return tokens[next].Text switch
        {
            "or" => NumberReading.Refusal,
            "to" when fromStart => Settle(tokens, next + 1),
            "to" => NumberReading.Refusal,
            "and" when next == chosen + 1 => NumberReading.Refusal,
            "," when next == chosen + 1 => EndOfList(tokens, next + 1),
            _ => NumberReading.Of(tokens[chosen].Value!),
        };
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

        return next > element + 1 && next < tokens.Count && IsNumeric(tokens[next])
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

        return second + 1 < tokens.Count && IsNumeric(tokens[second]) && tokens[number + 1].Text != tokens[second + 1].Text
            && AnswerVocabulary.CompoundUnits.Any(units => units.Contains(tokens[number + 1].Text) && units.Contains(tokens[second + 1].Text));
    }

    // "10 000" behind "the answer is" is one number.
    private static List<AnswerToken> JoinSpacedGroups(List<AnswerToken> tokens)
    {
        var joined = new List<AnswerToken>(tokens.Count);
        foreach (var token in tokens)
        {
            var previous = joined.Count > 0 ? joined[^1] : null;
            if (previous is { Kind: AnswerTokenKind.Number } && previous.Text.Length > 0 && token.Text.Length >= 3 && token.Kind == AnswerTokenKind.Number && token.Start == previous.End + 1
                && token.Text.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0 && (token.Text.Length == 3 || token.Text[3] == '.')
                && previous.Value!.IsInteger && IsShortOrJoined(previous))
            {
                joined[^1] = new AnswerToken(AnswerTokenKind.Number, previous.Start, token.End, previous.Text + " ", Append(previous.Value, token.Value!));
                continue;
            }

            joined.Add(token);
        }

        return joined;
    }

    // "negative 5" and "minus 5" behind a word.
    private static List<AnswerToken> WithSigns(List<AnswerToken> tokens)
    {
        var signed = new List<AnswerToken>(tokens.Count);
        foreach (var token in tokens)
        {
            if (token is { Kind: AnswerTokenKind.Number, Value: { } value } && signed.Count > 0 && signed[^1] is { Kind: AnswerTokenKind.Word, Text: "minus" or "negative" } word)
            {
                signed[^1] = token with { Start = word.Start, Value = value.Negate() };
                continue;
            }

            signed.Add(token);
        }

        return signed;
    }

    private static bool IsShortOrJoined(AnswerToken token) => token.Text[^1] == ' ' || token.Text.TrimStart('-', '+', '$').Length <= 3;

    private static AnswerValue Append(AnswerValue group, AnswerValue next) =>
        group.Numerator.Sign < 0 ? group.TimesPowerOfTen(3)!.Plus(next.Negate()) : group.TimesPowerOfTen(3)!.Plus(next);

    private static bool StartsWithNumberWord(List<AnswerToken> tokens)
    {
        var replaced = NumberWords.Replace(tokens);
        return replaced.FindIndex(IsNumeric) is >= 0 and <= 1 && tokens.FindIndex(IsNumeric) is < 0 or > 1;
    }

    // Numbers behind "not", "instead of" and "rather than" are taken back; "not more than 5" is not.
    private static List<AnswerToken> WithoutNegated(List<AnswerToken> tokens)
    {
        var kept = tokens.ToList();
        for (var index = 0; index < kept.Count; index++)
        {
            var negates = kept[index].Is("not", "isn't", "wasn't", "aren't") || (kept[index].Is("instead") && index + 1 < kept.Count && kept[index + 1].Is("of"))
                || (kept[index].Is("rather") && index + 1 < kept.Count && kept[index + 1].Is("than"));
            for (var next = index + 1; negates && next < kept.Count && next <= index + 4; next++)
            {
                if (kept[next].Is("but", "more", "less", "fewer", "only", "enough", "at") || kept[next].Kind is AnswerTokenKind.Comma or AnswerTokenKind.EqualsSign)
                {
                    break;
                }

                if (IsNumeric(kept[next]))
                {
                    kept[next] = kept[next] with { Kind = AnswerTokenKind.Other };
                    break;
                }
            }
        }

        return kept;
    }

    private static List<AnswerToken> BehindConclusion(List<AnswerToken> tokens)
    {
        for (var index = tokens.Count - 1; index >= 0; index--)
        {
            var isMark = AnswerVocabulary.Conclusions.Contains(tokens[index].Text)
                && !(tokens[index].Is("so") && index + 1 < tokens.Count && tokens[index + 1].Is("that", "far", "many", "much"));
            if (isMark && HasNumber(tokens.Skip(index + 1)))
            {
                return [.. tokens.Skip(index + 1).SkipWhile(token => token.Kind == AnswerTokenKind.Comma)];
            }
        }

        return tokens;
    }

    private static List<AnswerToken> WithoutOpeningClause(List<AnswerToken> tokens)
    {
        if (tokens.Count == 0 || !AnswerVocabulary.Openers.Contains(tokens[0].Text))
        {
            return tokens;
        }

        var comma = tokens.FindLastIndex(token => token.Kind == AnswerTokenKind.Comma);
        while (comma > 0 && !HasNumber(tokens.Skip(comma)))
        {
            comma = tokens.FindLastIndex(comma - 1, token => token.Kind == AnswerTokenKind.Comma);
        }

        return comma > 0 ? [.. tokens.Skip(comma + 1)] : tokens;
    }

    private static List<AnswerToken> WithoutReasons(List<AnswerToken> tokens)
    {
        for (var index = 1; index < tokens.Count; index++)
        {
            var isReason = AnswerVocabulary.Reasons.Contains(tokens[index].Text) && (!tokens[index].Is("as", "which", "while", "if", "when") || tokens[index - 1].Kind == AnswerTokenKind.Comma);
            if (isReason && HasNumber(tokens.Take(index)))
            {
                return tokens.GetRange(0, index);
            }
        }

        return tokens;
    }
}

namespace Kpod.Datasets.Answers.Values;

/// <summary>Trims a passage of tokens to the part that states the answer.</summary>
internal static class NumberPassage
{
    /// <summary>The passage with its signs joined to their numbers, and without what it takes back or explains in brackets.</summary>
    public static List<AnswerToken> Prepared(List<AnswerToken> tokens) => WithoutBrackets(WithoutNegated(JoinSpacedGroups(WithSigns(WithoutLabel(tokens)))));

    /// <summary>What stands behind a calculation in words that is worked out: "18 minus 6, which is 12".</summary>
    public static List<AnswerToken> BehindResult(List<AnswerToken> tokens)
    {
        for (var index = tokens.Count - 1; index > 2; index--)
        {
            var opens = tokens[index - 1].Is("which") ? tokens[index].Is("is", "gives", "makes", "leaves", "equals", "totals", "means", "comes") : tokens[index].Is("that's", "i.e") || (tokens[index - 1].Is("that") && tokens[index].Is("is"));
            var calculates = tokens.Take(index).Any(token => token.Kind == AnswerTokenKind.Operator) && tokens.Take(index).Count(IsNumeric) > 1;
            if (opens && calculates && HasNumber(tokens.Skip(index + 1)))
            {
                return [.. tokens.Skip(index + 1)];
            }
        }

        return tokens;
    }

    /// <summary>The total of a sentence that names prices before it: "Each costs $20, for a total of $60", "$20 each, $60 in total".</summary>
    public static List<AnswerToken> OfTotal(List<AnswerToken> tokens)
    {
        if (tokens.Any(token => token.Kind == AnswerTokenKind.EqualsSign))
        {
            return tokens;
        }

        for (var index = tokens.Count - 1; index > 0; index--)
        {
            var opens = tokens[index].Is("total") && OpensTotal(tokens, index);
            if (opens && HasNumber(tokens.Take(index)) && HasNumber(tokens.Skip(index)))
            {
                return [.. tokens.Skip(index)];
            }

            var closes = tokens[index].Is("altogether", "overall") || (tokens[index].Is("total", "all") && tokens[index - 1].Is("in"));
            var number = closes ? tokens.FindLastIndex(index, IsNumeric) : -1;
            if (number > 0 && index - number <= 4 && HasNumber(tokens.Take(number)) && !HasNumber(tokens.Skip(index)) && tokens.Take(number).Any(token => token.Kind == AnswerTokenKind.Comma || token.Is("and", "each")))
            {
                return [.. tokens.Skip(number)];
            }
        }

        return tokens;
    }

    /// <summary>What stands behind the last "so" or "therefore" that leads to a number.</summary>
    public static List<AnswerToken> BehindConclusion(List<AnswerToken> tokens)
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

    /// <summary>What stands behind the outcome of a calculation in words: "giving", "to get", "rounds to".</summary>
    public static List<AnswerToken> BehindOutcome(List<AnswerToken> tokens)
    {
        for (var index = tokens.Count - 1; index > 0; index--)
        {
            var opens = (AnswerVocabulary.Outcomes.Contains(tokens[index].Text) && tokens[index - 1].Kind == AnswerTokenKind.Comma)
                || (tokens[index].Is("get", "obtain", "give") && tokens[index - 1].Is("to"))
                || (tokens[index].Is("to") && (tokens[index - 1].Is("rounds", "rounded") || (index > 1 && tokens[index - 2].Is("rounds", "rounded") && tokens[index - 1].Is("up", "down", "off"))));
            if (opens && HasNumber(tokens.Take(index)) && HasNumber(tokens.Skip(index)) && !(tokens[index - 1].Is("to") && tokens.Take(index).Any(token => token.Kind == AnswerTokenKind.EqualsSign)))
            {
                return [.. tokens.Skip(index + 1)];
            }
        }

        return tokens;
    }

    /// <summary>The passage without a clause in front of the main one: "Since he had 5, ...".</summary>
    public static List<AnswerToken> WithoutOpeningClause(List<AnswerToken> tokens)
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

    /// <summary>The passage up to a reason ("because ...") or, where nothing is worked out in it, a circumstance ("when ...", "by selling ...") or purpose ("to read ...").</summary>
    public static List<AnswerToken> WithoutReasons(List<AnswerToken> tokens)
    {
        for (var index = 1; index < tokens.Count; index++)
        {
            var opens = Opens(AnswerVocabulary.Reasons, tokens, index)
                || ((Opens(AnswerVocabulary.Circumstances, tokens, index) || OpensPurpose(tokens, index)) && !tokens.Skip(index).Any(token => token.Kind == AnswerTokenKind.EqualsSign));
            if (opens && HasNumber(tokens.Take(index)))
            {
                return tokens.GetRange(0, index);
            }
        }

        return tokens;
    }

    /// <summary>Whether a passage holds digits.</summary>
    public static bool HasNumber(IEnumerable<AnswerToken> tokens) => tokens.Any(IsNumeric);

    /// <summary>Whether a token is made of digits.</summary>
    public static bool IsNumeric(AnswerToken token) => token.Kind is AnswerTokenKind.Number or AnswerTokenKind.NotANumber;

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

    private static bool IsShortOrJoined(AnswerToken token) => token.Text[^1] == ' ' || token.Text.TrimStart('-', '+', '$').Length <= 3;

    private static AnswerValue Append(AnswerValue group, AnswerValue next) =>
        group.Numerator.Sign < 0 ? group.TimesPowerOfTen(3)!.Plus(next.Negate()) : group.TimesPowerOfTen(3)!.Plus(next);

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

    // What stands in brackets explains: "16 sodas (9 + 7)". A number that stands in brackets alone stays.
    private static List<AnswerToken> WithoutBrackets(List<AnswerToken> tokens)
    {
        var outside = new List<AnswerToken>();
        var depth = 0;
        foreach (var token in tokens)
        {
            depth += token.Is("(", "[") ? 1 : 0;
            if (depth == 0)
            {
                outside.Add(token);
            }

            depth = Math.Max(0, depth - (token.Is(")", "]") ? 1 : 0));
        }

        return depth == 0 && HasNumber(outside) && outside[^1].Kind != AnswerTokenKind.EqualsSign ? outside : tokens;
    }

    // "Step 4: Done": the number is the step's.
    private static List<AnswerToken> WithoutLabel(List<AnswerToken> tokens) =>
        tokens.Count > 1 && AnswerVocabulary.NamedByNumber.Contains(tokens[0].Text) && IsNumeric(tokens[1]) && (tokens.Count == 2 || tokens[2].Is(":", ")", "-", "–", "—") || tokens[2].Kind == AnswerTokenKind.Comma)
            ? [.. tokens.Skip(3)]
            : tokens;

    // "for a total of", ", the total cost is", "and in total": a comma, "and" or "for" stands up to three words before.
    private static bool OpensTotal(List<AnswerToken> tokens, int total)
    {
        for (var index = total - 1; index >= 0 && index >= total - 5; index--)
        {
            if (tokens[index].Kind == AnswerTokenKind.Comma || tokens[index].Is("and", "for", "totaling", "totalling"))
            {
                return true;
            }

            if (!tokens[index].Is("a", "an", "the", "his", "her", "their", "its", "our", "your", "grand", "final", "overall", "making", "makes", "which", "with", "giving", "gives", "so", "in"))
            {
                return false;
            }
        }

        return false;
    }

    private static bool Opens(HashSet<string> words, List<AnswerToken> tokens, int index) => words.Contains(tokens[index].Text)
        && (tokens[index - 1].Kind == AnswerTokenKind.Comma || !AnswerVocabulary.OnlyBehindComma.Contains(tokens[index].Text));

    private static bool OpensPurpose(List<AnswerToken> tokens, int index)
    {
        var next = index + 1 < tokens.Count && tokens[index + 1].Kind == AnswerTokenKind.Word ? tokens[index + 1].Text : string.Empty;
        return tokens[index].Text == "to"
            ? next.Length > 0 && !AnswerVocabulary.BeforeInfinitive.Contains(tokens[index - 1].Text) && !AnswerVocabulary.Determiners.Contains(next)
            : AnswerVocabulary.Prepositions.Contains(tokens[index].Text) && next.Length > 4 && next.EndsWith("ing", StringComparison.Ordinal);
    }
}

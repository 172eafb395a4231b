using System.Numerics;

namespace Kpod.Datasets.Answers.Values;

/// <summary>Reads numbers that are written in English words: whole numbers, halves, thirds and quarters, ordinals from the third on, "a dozen".</summary>
internal static class NumberWords
{
    private static readonly Dictionary<string, int> Units = Number(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 0, 1);

    private static readonly Dictionary<string, int> Tens = Number("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10);
    private static readonly Dictionary<string, int> Scales = new() { ["hundred"] = 2, ["thousand"] = 3, ["million"] = 6, ["billion"] = 9 };

    private static readonly Dictionary<string, int> Denominators = new()
    {
        ["half"] = 2,
        ["halves"] = 2,
        ["third"] = 3,
        ["thirds"] = 3,
        ["quarter"] = 4,
        ["quarters"] = 4,
        ["fourth"] = 4,
        ["fourths"] = 4,
        ["fifth"] = 5,
        ["fifths"] = 5,
        ["sixth"] = 6,
        ["sixths"] = 6,
        ["seventh"] = 7,
        ["sevenths"] = 7,
        ["eighth"] = 8,
        ["eighths"] = 8,
        ["ninth"] = 9,
        ["ninths"] = 9,
        ["tenth"] = 10,
        ["tenths"] = 10,
    };

    private static readonly Dictionary<string, int> Ordinals = Number("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 3, 1);

    // "No one", "each one" and "the one" count nothing; "one of them" counts, but not the answer.
    private static readonly HashSet<string> BeforePronoun = ["no", "any", "every", "each", "some", "which", "this", "that", "the", "another", "other", "last"];

    /// <summary>Replaces the number words of a passage by numbers.</summary>
    /// <param name="tokens">The passage.</param>
    /// <returns>The passage with a number token for each run of number words.</returns>
    public static List<AnswerToken> Replace(IReadOnlyList<AnswerToken> tokens)
    {
        var replaced = new List<AnswerToken>(tokens.Count);
        for (var index = 0; index < tokens.Count;)
        {
            var count = TryRead(tokens, index, out var value);
            if (count == 0)
            {
                replaced.Add(tokens[index++]);
                continue;
            }

            var last = tokens[index + count - 1];
            replaced.Add(new AnswerToken(value is null ? AnswerTokenKind.NotANumber : AnswerTokenKind.Number, tokens[index].Start, last.End, string.Empty, value));
            index += count;
        }

        return replaced;
    }

    private static int TryRead(IReadOnlyList<AnswerToken> tokens, int start, out AnswerValue? value)
    {
        value = null;
        var negative = tokens[start].Is("minus", "negative");
        var first = negative ? start + 1 : start;
        var words = WordsFrom(tokens, first, out var ends);
        if (words.Count == 0 || IsPronoun(tokens, first, words))
        {
            return 0;
        }

        var used = Parse(words, out value);
        while (used > 0 && !ends.ContainsKey(used))
        {
            used--;
        }

        value = negative ? value?.Negate() : value;
        return used == 0 ? 0 : ends[used] - start;
    }

    // The parts of hyphenated words one by one; ends tells after how many parts which token ends.
    private static List<string> WordsFrom(IReadOnlyList<AnswerToken> tokens, int start, out Dictionary<int, int> ends)
    {
        var words = new List<string>();
        ends = [];
        for (var index = start; index < tokens.Count && tokens[index].Kind == AnswerTokenKind.Word; index++)
        {
            var parts = tokens[index].Text.Split('-');
            if (!parts.All(IsNumberWord) && !tokens[index].Is("and", "a", "an"))
            {
                break;
            }

            words.AddRange(parts);
            ends[words.Count] = index + 1;
        }

        return words;
    }

    private static bool IsNumberWord(string word) => Units.ContainsKey(word) || Tens.ContainsKey(word) || Scales.ContainsKey(word)
        || Denominators.ContainsKey(word) || Ordinals.ContainsKey(word) || word is "dozen" or "none";

    private static bool IsPronoun(IReadOnlyList<AnswerToken> tokens, int start, List<string> words) =>
        words is ["one"] && ((start > 0 && BeforePronoun.Contains(tokens[start - 1].Text)) || (start + 1 < tokens.Count && tokens[start + 1].Is("of", "another", "by")));

    private static int Parse(List<string> words, out AnswerValue? value)
    {
        value = null;
        if (words[0] is "none")
        {
            value = AnswerValue.Of(0);
            return 1;
        }

        var article = words[0] is "a" or "an";
        var index = article ? 1 : 0;
        if (index < words.Count && words[index] == "dozen")
        {
            value = article ? AnswerValue.Of(12) : null;
            return index + 1;
        }

        var whole = ReadWhole(words, ref index);
        if (whole is null)
        {
            return ReadLoneFraction(words, article, index, out value);
        }

        if (article)
        {
            index = words[1] is "hundred" or "thousand" or "million" or "billion" ? index : 0;
            value = index == 0 ? null : AnswerValue.Of(whole.Value);
            return index;
        }

        value = AnswerValue.Of(whole.Value);
        return ReadFractionBehind(words, index, whole.Value, ref value);
    }

    private static int ReadLoneFraction(List<string> words, bool article, int index, out AnswerValue? value)
    {
        value = null;
        if (index >= words.Count)
        {
            return 0;
        }

        if (Denominators.TryGetValue(words[index], out var parts) && (article || parts == 2 || words[index] is "quarter"))
        {
            value = AnswerValue.Quotient(AnswerValue.Of(1), AnswerValue.Of(parts));
            return index + 1;
        }

        if (!article && Ordinals.TryGetValue(words[index], out var rank))
        {
            value = AnswerValue.Of(rank);
            return index + 1;
        }

        return 0;
    }

    // "three quarters", "two and a half", "two and three quarters", "five dozen".
    private static int ReadFractionBehind(List<string> words, int index, BigInteger whole, ref AnswerValue? value)
    {
        if (index < words.Count && words[index] == "dozen")
        {
            value = AnswerValue.Of(whole * 12);
            return index + 1;
        }

        if (index < words.Count && Denominators.TryGetValue(words[index], out var parts))
        {
            value = AnswerValue.Quotient(AnswerValue.Of(whole), AnswerValue.Of(parts));
            return index + 1;
        }

        if (index + 1 >= words.Count || words[index] != "and")
        {
            return index;
        }

        var behind = index + 1;
        var numerator = words[behind] is "a" or "an" ? BigInteger.One : (BigInteger?)null;
        behind += numerator is null ? 0 : 1;
        numerator ??= ReadWhole(words, ref behind);
        if (numerator is null || behind >= words.Count || !Denominators.TryGetValue(words[behind], out parts))
        {
            return index;
        }

        value = AnswerValue.Of(whole).Plus(AnswerValue.Quotient(AnswerValue.Of(numerator.Value), AnswerValue.Of(parts))!);
        return behind + 1;
    }

    private static BigInteger? ReadWhole(List<string> words, ref int index)
    {
        BigInteger total = 0;
        BigInteger current = 0;
        var start = index;
        var seen = false;
        for (; index < words.Count; index++)
        {
            var word = words[index];
            if (Units.TryGetValue(word, out var unit) || Tens.TryGetValue(word, out unit))
            {
                current += unit;
            }
            else if (Scales.TryGetValue(word, out var power))
            {
                current = BigInteger.Max(current, 1) * BigInteger.Pow(10, power);
                (total, current) = power == 2 ? (total, current) : (total + current, 0);
            }
            else if (!(word == "and" && seen && words[index - 1] is "hundred" or "thousand" && index + 1 < words.Count && (Units.ContainsKey(words[index + 1]) || Tens.ContainsKey(words[index + 1]))))
            {
                break;
            }

            seen = true;
        }

        return index > start && seen ? total + current : null;
    }

    private static Dictionary<string, int> Number(string words, int first, int step) =>
        words.Split(' ').Select((word, index) => (word, index)).ToDictionary(pair => pair.word, pair => first + (step * pair.index));
}

using Kpod.Datasets.Answers.Values;

namespace Kpod.Datasets.Answers;

/// <summary>Finds the number that a whole text gives as its answer.</summary>
internal static class NumberAnswerReader
{
    private const int MaximumStatements = 64;

    private static readonly HashSet<string> Corrections = ["wait", "actually", "correction", "sorry", "oops"];
    private static readonly HashSet<string> Disavowals = ["wrong", "incorrect", "mistake", "error"];

    /// <summary>Reads a text.</summary>
    /// <param name="text">What a model or a teacher wrote, cut by <see cref="AnswerText.Cut"/>.</param>
    /// <returns>The number in plain form, or null where the text gives no single number.</returns>
    public static ExtractedAnswer? Read(string text)
    {
        var clean = AnswerText.Clean(text);
        var tokens = AnswerLexer.Read(clean);
        var statements = AnswerStatement.Find(clean);
        foreach (var statement in statements.TakeLast(MaximumStatements).Reverse())
        {
            var reading = ReadStatement(tokens, statement, statements);
            if (reading.Speaks)
            {
                return Corrected(tokens, statement, reading) is { } value ? Found(value, statement.Rule) : null;
            }
        }

        // "The answer is" with nothing behind it announces what never came; numbers before it are no answer.
        return statements.Count > 0 && IsLastWord(tokens, statements[^1])
            ? null
            : ReadSentences(tokens, 0) is { Value: { } last } ? Found(last, WholeOrSentence(tokens)) : null;
    }

    private static bool IsLastWord(List<AnswerToken> tokens, AnswerStatement statement) =>
        tokens.Count(token => token.Start >= statement.Start && token.Kind is AnswerTokenKind.Word) < 3;

    private static ExtractedAnswer Found(AnswerValue value, ExtractionRule rule) => new(value.ToString(), rule);

    private static ExtractionRule WholeOrSentence(List<AnswerToken> tokens) =>
        tokens.Count(token => token.Kind is not (AnswerTokenKind.Stop or AnswerTokenKind.LineEnd)) == 1 ? ExtractionRule.WholeText : ExtractionRule.LastSentence;

    private static NumberReading ReadStatement(List<AnswerToken> tokens, AnswerStatement statement, List<AnswerStatement> all)
    {
        var end = all.Where(other => other.Start > statement.Start && other.Rule == ExtractionRule.Box).Select(other => other.Start - 1).Append(statement.End).Min();
        var inside = tokens.Where(token => token.Start >= statement.Start && token.End <= Math.Max(end, statement.Start)).SkipWhile(IsBreak).ToList();
        if (statement.Rule == ExtractionRule.Box)
        {
            return NumberClause.ReadStatement(inside);
        }

        var length = SentenceLength(inside, 0);
        var first = inside.GetRange(0, length);
        if (statement.IsLabel && length < inside.Count && !StartsWithNumber(first))
        {
            return ReadSentences(tokens, tokens.IndexOf(inside[0]));
        }

        return NumberClause.ReadStatement(first);
    }

    private static bool StartsWithNumber(List<AnswerToken> sentence) =>
        NumberWords.Replace(sentence).FindIndex(token => token.Kind is AnswerTokenKind.Number or AnswerTokenKind.NotANumber) is >= 0 and <= 2;

    // What comes behind "Wait, that is wrong" replaces the answer, and an answer that is only taken back is none.
    private static AnswerValue? Corrected(List<AnswerToken> tokens, AnswerStatement statement, NumberReading reading)
    {
        var correction = tokens.FindLastIndex(token => token.Start >= statement.Start && Corrections.Contains(token.Text));
        if (correction < 0)
        {
            return reading.Value;
        }

        var behind = ReadSentences(tokens, correction);
        return behind.Speaks || tokens.Skip(correction).Any(token => Disavowals.Contains(token.Text)) ? behind.Value : reading.Value;
    }

    private static NumberReading ReadSentences(List<AnswerToken> tokens, int start)
    {
        var sentences = new List<List<AnswerToken>>();
        for (var index = start; index < tokens.Count;)
        {
            var length = SentenceLength(tokens, index);
            sentences.Add(tokens.GetRange(index, length));
            index += length + 1;
        }

        sentences.RemoveAll(sentence => sentence.Count == 0);
        return sentences.Count == 0 || IsCutOff(tokens, sentences[^1]) ? NumberReading.Nothing : LastResult(sentences);
    }

    // The last sentence with a result; what follows a remark ("To check ...") counts only where it concludes again.
    private static NumberReading LastResult(List<List<AnswerToken>> sentences)
    {
        if (NumberClause.Refuses(sentences[^1]) && !sentences.Any(sentence => Concludes(sentence) && NumberPassage.HasNumber(sentence)))
        {
            return NumberReading.Refusal;
        }

        var remark = sentences.FindIndex(IsRemark);
        while (remark >= 0 && !sentences.Take(remark).Any(NumberPassage.HasNumber))
        {
            remark = remark + 1 < sentences.Count ? sentences.FindIndex(remark + 1, IsRemark) : -1;
        }

        var order = remark < 0
            ? sentences.AsEnumerable().Reverse()
            : sentences.Skip(remark + 1).Where(Concludes).Reverse().Concat(sentences.Take(remark).Reverse());
        return FirstSpeaking(order, sentence => NumberClause.ReadSentence(sentence, readWords: ReferenceEquals(sentence, sentences[^1]) && Concludes(sentence)))
            ?? FirstSpeaking(order, sentence => NumberClause.ReadSentence(sentence, readWords: true))
            ?? NumberReading.Nothing;
    }

    private static NumberReading? FirstSpeaking(IEnumerable<List<AnswerToken>> sentences, Func<List<AnswerToken>, NumberReading> read)
    {
        foreach (var sentence in sentences)
        {
            var reading = read(sentence);
            if (reading.Speaks)
            {
                return reading;
            }
        }

        return null;
    }

    private static bool Concludes(List<AnswerToken> sentence) => AnswerVocabulary.Conclusions.Contains(sentence[0].Text);

    private static bool IsRemark(List<AnswerToken> sentence) => !Concludes(sentence)
        && (AnswerVocabulary.RemarkOpeners.Contains(sentence[0].Text) || (sentence[0].Is("(") && sentence[^1].Is(")") && sentence.Count > 3)
            || sentence.Take(7).Zip(sentence.Take(7).Skip(1)).Any(pair => AnswerVocabulary.RemarkPairs.Contains($"{pair.First.Text} {pair.Second.Text}")));

    private static bool IsCutOff(List<AnswerToken> tokens, List<AnswerToken> last)
    {
        if (tokens[^1].Kind is AnswerTokenKind.Stop)
        {
            return false;
        }

        if (last[^1].Kind is AnswerTokenKind.EqualsSign or AnswerTokenKind.Operator)
        {
            return true;
        }

        var clause = last.FindLastIndex(token => token.Kind == AnswerTokenKind.Comma || AnswerVocabulary.Conclusions.Contains(token.Text));
        return AnswerVocabulary.Dangling.Contains(last[^1].Text) && !NumberPassage.HasNumber(last.Skip(clause + 1));
    }

    private static int SentenceLength(List<AnswerToken> tokens, int start)
    {
        var index = start;
        while (index < tokens.Count && !EndsSentence(tokens, index, start))
        {
            index++;
        }

        return index - start;
    }

    private static bool EndsSentence(List<AnswerToken> tokens, int index, int start) => tokens[index].Kind switch
    {
        AnswerTokenKind.Stop => true,
        AnswerTokenKind.LineEnd => !(index > start && tokens[index - 1].Is(":")),
        _ => false,
    };

    private static bool IsBreak(AnswerToken token) => token.Kind is AnswerTokenKind.LineEnd || token.Is(":", "*", ".");
}

using Kpod.Datasets;
using Kpod.Datasets.Answers;
using Kpod.Training;

namespace Kpod.RationaleGeneration;

/// <summary>Decides for each recorded rationale whether it is learned from, and says why not.</summary>
public sealed class RationaleFilter
{
    private readonly RationaleOptions _options;
    private readonly Func<Question, Rationale, int> _length;
    private readonly long _seed;

    /// <summary>Prepares the filter.</summary>
    /// <param name="options">What is kept.</param>
    /// <param name="length">Tokens of prompt, rationale and answer together; a <see cref="KpodException"/> of it drops the rationale with its message.</param>
    /// <param name="seed">The run's seed.</param>
    public RationaleFilter(RationaleOptions options, Func<Question, Rationale, int> length, long seed)
    {
        _options = options;
        _length = length;
        _seed = seed;
    }

    /// <summary>Goes through all recorded rationales.</summary>
    /// <param name="questions">The training questions.</param>
    /// <param name="recorded">Their rationales by question id.</param>
    /// <returns>Every rationale, kept or dropped, in the order of questions and samples.</returns>
    public IReadOnlyList<Rationale> Apply(IReadOnlyList<Question> questions, IReadOnlyDictionary<string, IReadOnlyList<RecordedRationale>> recorded)
    {
        var results = new List<Rationale>();
        for (var index = 0; index < questions.Count; index++)
        {
            var candidates = recorded.TryGetValue(questions[index].Id, out var list) ? list : [];
            results.AddRange(OfQuestion(questions[index], candidates, index));
        }

        return results;
    }

    private Rationale[] OfQuestion(Question question, IReadOnlyList<RecordedRationale> candidates, int index)
    {
        var judged = candidates.Select((candidate, sample) => Judge(question, candidate, sample)).ToArray();
        var order = Enumerable.Range(0, judged.Length).ToArray();
        if (_options.Pick == RationalePick.Seeded)
        {
            Seeds.Generator(_seed, "rationale pick", index).Shuffle(order);
        }

        var texts = new HashSet<string>(StringComparer.Ordinal);
        var kept = 0;
        foreach (var sample in order.Where(sample => judged[sample].DropReason is null))
        {
            var reason = !texts.Add(judged[sample].Text) ? "the same text as another one" : kept == _options.PerQuestion ? "beyond rationales.perQuestion" : null;
            kept += reason is null ? 1 : 0;
            judged[sample] = judged[sample] with { DropReason = reason };
        }

        return judged;
    }

    private Rationale Judge(Question question, RecordedRationale candidate, int sample)
    {
        var format = AnswerFormat.Of(question);
        var extracted = AnswerExtractor.Flexible(candidate.Text, format)?.Text;
        var rationale = new Rationale
        {
            QuestionId = question.Id,
            Sample = sample,
            Text = CotPrompt.WithoutAnswerSentence(candidate.Text),
            Teacher = candidate.Teacher,
            ExtractedAnswer = extracted,
            Correct = AnswerMatcher.Matches(extracted, question.Answer, format),
            FinishReason = candidate.FinishReason,
        };
        var reason = rationale switch
        {
            _ when _options.Teacher is { } teacher && teacher != candidate.Teacher => "another teacher",
            { Text.Length: 0 } => "empty",
            { FinishReason: "length" } => "cut off by the teacher's length limit",
            { Correct: false, ExtractedAnswer: null } when _options.Filter == RationaleSelection.CorrectOnly => "no answer found",
            { Correct: false } when _options.Filter == RationaleSelection.CorrectOnly => "wrong answer",
            _ => null,
        };
        return reason is null ? Measure(question, rationale) : rationale with { DropReason = reason };
    }

    private Rationale Measure(Question question, Rationale rationale)
    {
        try
        {
            var tokens = _length(question, rationale);
            return rationale with { Tokens = tokens, DropReason = tokens > _options.MaximumTokens ? "longer than rationales.maximumTokens" : null };
        }
        catch (KpodException fault)
        {
            return rationale with { DropReason = fault.Message };
        }
    }
}

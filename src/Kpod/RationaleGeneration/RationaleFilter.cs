using Kpod.Datasets.Answers;
using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Quality;
using Kpod.RationaleGeneration.Rationales;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration;

/// <summary>Decides for each recorded rationale whether it is learned from, and says why not.</summary>
public sealed class RationaleFilter
{
    private readonly RationaleOptions _options;
    private readonly Func<Question, Rationale, (int? Tokens, string? Lack)> _measure;
    private readonly long _seed;

    /// <summary>Prepares the filter.</summary>
    /// <param name="options">What is kept.</param>
    /// <param name="measure">Tokens of prompt, rationale and answer together, and why the student could not learn from them (<see cref="RationaleEncoder.Measure"/>); no number where no student is known.</param>
    /// <param name="seed">The run's seed.</param>
    public RationaleFilter(RationaleOptions options, Func<Question, Rationale, (int? Tokens, string? Lack)> measure, long seed)
    {
        _options = options;
        _measure = measure;
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
        var judged = new DuplicateMarker(_options.Duplicates).Mark([.. candidates.Select((candidate, sample) => Judge(question, candidate, sample))]);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var kept = 0;
        foreach (var sample in Order(judged, index))
        {
            var reason = !texts.Add(judged[sample].Text) ? "the same text as another one" : kept == _options.PerQuestion ? "beyond rationales.perQuestion" : null;
            kept += reason is null ? 1 : 0;
            judged[sample] = judged[sample] with { DropReason = reason };
        }

        return judged;
    }

    private int[] Order(Rationale[] judged, int index)
    {
        int[] sound = [.. Enumerable.Range(0, judged.Length).Where(sample => judged[sample].DropReason is null)];
        switch (_options.Pick)
        {
            case RationalePick.Seeded:
                int[] order = [.. Enumerable.Range(0, judged.Length)];
                Seeds.Generator(_seed, "rationale pick", index).Shuffle(order);
                return [.. order.Where(sound.Contains)];
            case RationalePick.Diverse:
                return [.. DiverseSelection.Order([.. sound.Select(sample => new WordGrams(judged[sample].Text, _options.Duplicates.Words))]).Select(place => sound[place])];
            default:
                return sound;
        }
    }

    private Rationale Judge(Question question, RecordedRationale candidate, int sample)
    {
        var format = AnswerFormat.Of(question);
        var extracted = RationaleAnswer.Of(candidate, format);
        var text = CotPrompt.WithoutAnswerSentence(candidate.Text);
        var raw = candidate.Original ?? candidate.Text;
        var rationale = new Rationale
        {
            QuestionId = question.Id,
            Sample = sample,
            Text = text,
            Raw = raw == text ? null : raw,
            Teacher = candidate.Teacher,
            GivenAnswer = candidate.GivenAnswer,
            ExtractedAnswer = extracted,
            Correct = AnswerMatcher.Matches(extracted, question.Answer, format),
            FinishReason = candidate.FinishReason,
            OutputTokens = candidate.OutputTokens,
            Cost = candidate.Cost,
            Currency = candidate.Currency,
            Request = candidate.Request,
        };
        var reason = (rationale with { FinishReason = FinishReasons.Read(rationale.FinishReason) }) switch
        {
            _ when _options.Teacher is { } teacher && teacher != candidate.Teacher => "another teacher",
            { FinishReason: RecordedRationale.Refused } => DropReasons.Refused,
            { FinishReason: RecordedRationale.Rejected } => "the server refused the request",
            { FinishReason: FinishReasons.Unreadable } => "the server's response could not be read",
            { FinishReason: FinishReasons.Error } => "broken off by an error of the server",
            { FinishReason: "content_filter" } => "stopped by the server's content filter",
            { Text.Length: 0 } => "empty",
            { FinishReason: "length" } => "cut off by the teacher's length limit",
            { Correct: false } when RefusalDetector.IsRefusal(raw) => DropReasons.Refused,
            { GivenAnswer: { } given } when !AnswerMatcher.Matches(extracted, given, format) => "explains another answer than the given one",
            { Correct: false, ExtractedAnswer: null } when _options.Filter == RationaleSelection.CorrectOnly => "no answer found",
            { Correct: false } when _options.Filter == RationaleSelection.CorrectOnly => "wrong answer",
            _ => null,
        };
        return reason is null ? Measure(question, rationale) : rationale with { DropReason = reason };
    }

    private Rationale Measure(Question question, Rationale rationale)
    {
        var (tokens, lack) = _measure(question, rationale);
        return rationale with { Tokens = tokens, DropReason = lack ?? (tokens > _options.MaximumTokens ? "longer than rationales.maximumTokens" : null) };
    }
}

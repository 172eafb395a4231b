using System.Collections.Concurrent;
using Kpod.Datasets.Answers;
using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Rationales;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>Gets one sample, of one turn or two, and remembers which could not be had.</summary>
internal sealed class TeacherSampler
{
    private const int MostNamed = 5;

    private readonly TeacherRequests _requests;
    private readonly TeacherAnswers _answers;
    private readonly ConcurrentQueue<(string Key, string Reason)> _missing = new();
    private int _notStored;

    /// <summary>Joins requests and answers.</summary>
    public TeacherSampler(TeacherRequests requests, TeacherAnswers answers)
    {
        _requests = requests;
        _answers = answers;
    }

    /// <summary>Gets a sample.</summary>
    /// <param name="question">The question.</param>
    /// <param name="sample">Its number.</param>
    /// <param name="stop">Starts nothing more once it is set.</param>
    /// <returns>The rationale; null where there is none to be had now.</returns>
    public async Task<RecordedRationale?> SampleAsync(Question question, int sample, CancellationToken stop)
    {
        var request = _requests.First(question, sample);
        try
        {
            var first = await _answers.GetAsync(request, stop).ConfigureAwait(false);
            var second = _requests.Second(question, sample, first) is { } next ? await _answers.GetAsync(next, stop).ConfigureAwait(false) : null;
            return Rationale(question, request, first, second);
        }
        catch (TeacherCallException refused) when (refused.Failure == TeacherFailure.Request)
        {
            return new RecordedRationale(string.Empty, _requests.Model, RecordedRationale.Rejected, Original: refused.Message) { Request = request.Hash };
        }
        catch (TeacherCallException failure)
        {
            _missing.Enqueue(($"{question.Id}#{sample}", failure.Message));
            return null;
        }
        catch (MissingAnswerException)
        {
            Interlocked.Increment(ref _notStored);
            _missing.Enqueue(($"{question.Id}#{sample}", "not in the store"));
            return null;
        }
    }

    /// <summary>Whether a sample came to its end and gives the answer that it should.</summary>
    public static bool IsRight(Question question, RecordedRationale sample)
    {
        var format = AnswerFormat.Of(question);
        return FinishReasons.IsWhole(FinishReasons.Read(sample.FinishReason))
            && AnswerMatcher.Matches(RationaleAnswer.Of(sample, format), sample.GivenAnswer ?? question.Answer, format);
    }

    /// <summary>Says which samples could not be had.</summary>
    /// <param name="store">The store's file.</param>
    public void ThrowIfAnyIsMissing(string store)
    {
        if (_missing.IsEmpty)
        {
            return;
        }

        var named = string.Join(", ", _missing.Select(item => item.Key).Order(StringComparer.Ordinal).Take(MostNamed)) + (_missing.Count > MostNamed ? ", ..." : string.Empty);
        throw _notStored > 0
            ? new KpodException($"{store}: has no answer for {_missing.Count} of the samples ({named}); run the same command without --replay to ask for them.")
            : new WorkFailedException($"{_missing.Count} of the samples stayed without an answer ({named}); the last attempt of one of them: {_missing.First().Reason}. All that arrived is kept in {store}; the same command asks only for the rest.");
    }

    private RecordedRationale Rationale(Question question, TeacherRequest request, TeacherAnswer first, TeacherAnswer? second)
    {
        var last = second ?? first;
        var refusal = first.Refusal ?? second?.Refusal;
        var isSecondCut = second is { FinishReason: TeacherAnswer.Length };
        var joined = second is null ? first.Text : _requests.Prompt.Join(first.Text, second.Text);

        // A second turn that rambles has given its answer in its first words.
        var reason = refusal is not null ? RecordedRationale.Refused : isSecondCut ? first.FinishReason : last.FinishReason;
        return new RecordedRationale(first.Text, _requests.Model, reason, Original: refusal ?? (joined == first.Text ? null : joined))
        {
            GivenAnswer = _requests.Prompt.GivenAnswer(question),
            OutputTokens = first.OutputTokens + (second?.OutputTokens ?? 0),
            Cost = first.Cost + (second?.Cost ?? 0),
            Currency = first.Currency,
            Request = request.Hash,
        };
    }
}

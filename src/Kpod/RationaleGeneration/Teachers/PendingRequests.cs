using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Teachers.Budget;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Store;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>Looks into a store for what a recipe is still to ask: first turns, second turns of those, and the next further sample where all so far are wrong.</summary>
internal sealed class PendingRequests
{
    private readonly TeacherRequests _requests;
    private readonly TeacherOptions _options;
    private readonly TeacherStore _store;
    private readonly TeacherSampler _sampler;

    /// <summary>Joins requests and a store.</summary>
    /// <param name="requests">Makes the requests.</param>
    /// <param name="options">How many samples.</param>
    /// <param name="store">What is known.</param>
    public PendingRequests(TeacherRequests requests, TeacherOptions options, TeacherStore store)
    {
        _requests = requests;
        _options = options;
        _store = store;
        var money = new TeacherMoney(null, null, null);
        _sampler = new TeacherSampler(requests, new TeacherAnswers(store, caller: null, money, new TeacherTally(money, progress: null)));
    }

    /// <summary>The requests that can be put now; those that depend on their answers come after.</summary>
    /// <param name="questions">The questions.</param>
    /// <returns>Each request once.</returns>
    public async IAsyncEnumerable<TeacherRequest> OfAsync(IEnumerable<Question> questions)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var question in questions)
        {
            foreach (var request in await OfAsync(question).ConfigureAwait(false))
            {
                if (seen.Add(request.Hash))
                {
                    yield return request;
                }
            }
        }
    }

    /// <summary>All requests that the recipe can put, as far as the store's answers tell: to know a result when it comes.</summary>
    /// <param name="questions">The questions.</param>
    /// <returns>Requests by hash.</returns>
    public IReadOnlyDictionary<string, TeacherRequest> All(IEnumerable<Question> questions)
    {
        var all = new Dictionary<string, TeacherRequest>(StringComparer.Ordinal);
        foreach (var question in questions)
        {
            for (var sample = 0; sample < _options.Samples + _options.Resamples; sample++)
            {
                var first = _requests.First(question, sample);
                var hash = first.Hash;
                all[hash] = first;
                if (_store.Find(hash) is { } known && _requests.Second(question, sample, known.Answer) is { } second)
                {
                    all[second.Hash] = second;
                }
            }
        }

        return all;
    }

    private async Task<List<TeacherRequest>> OfAsync(Question question)
    {
        var pending = new List<TeacherRequest>();
        var isRight = false;
        for (var sample = 0; sample < _options.Samples + _options.Resamples; sample++)
        {
            // A further sample is for a question whose samples are all there and all wrong, one after another.
            if (sample >= _options.Samples && (isRight || pending.Count > 0))
            {
                break;
            }

            if (Missing(question, sample) is { } request)
            {
                pending.Add(request);
            }
            else
            {
                isRight |= await _sampler.SampleAsync(question, sample, CancellationToken.None).ConfigureAwait(false) is { } rationale && TeacherSampler.IsRight(question, rationale);
            }
        }

        return pending;
    }

    private TeacherRequest? Missing(Question question, int sample)
    {
        var first = _requests.First(question, sample);
        return _store.Find(first.Hash) is not { } known ? first : _requests.Second(question, sample, known.Answer) is { } second && _store.Find(second.Hash) is null ? second : null;
    }
}

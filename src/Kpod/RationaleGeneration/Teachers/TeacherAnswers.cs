using System.Collections.Concurrent;
using Kpod.RationaleGeneration.Teachers.Budget;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Store;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>
/// Gives the answer to a request: from the store where it is there, else from the teacher, and then it is in the store before anybody sees it. A request that is asked for twice at the same time is sent
/// once.
/// </summary>
internal sealed class TeacherAnswers
{
    private readonly TeacherStore _store;
    private readonly TeacherCaller? _caller;
    private readonly TeacherMoney _money;
    private readonly TeacherTally _tally;
    private readonly ConcurrentDictionary<string, Lazy<Task<TeacherAnswer>>> _inFlight = new(StringComparer.Ordinal);

    /// <summary>Joins a store and a teacher.</summary>
    /// <param name="store">What is known.</param>
    /// <param name="caller">Who is asked for the rest; null where only the store answers.</param>
    /// <param name="money">Prices and budget.</param>
    /// <param name="tally">Counts the answers.</param>
    public TeacherAnswers(TeacherStore store, TeacherCaller? caller, TeacherMoney money, TeacherTally tally)
    {
        _store = store;
        _caller = caller;
        _money = money;
        _tally = tally;
    }

    /// <summary>The answer to a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="stop">Starts nothing more once it is set.</param>
    /// <returns>The answer as stored.</returns>
    /// <exception cref="MissingAnswerException">The store does not have it, and nobody is asked.</exception>
    /// <exception cref="TeacherCallException">The teacher gave none.</exception>
    /// <exception cref="WorkFailedException">The budget is reached, the teacher is down, or the store cannot be written.</exception>
    public async Task<TeacherAnswer> GetAsync(TeacherRequest request, CancellationToken stop)
    {
        var hash = request.Hash;
        var asking = _inFlight.GetOrAdd(hash, _ => new Lazy<Task<TeacherAnswer>>(() => FindOrAskAsync(request, hash, stop)));
        try
        {
            return await asking.Value.ConfigureAwait(false);
        }
        finally
        {
            _inFlight.TryRemove(new KeyValuePair<string, Lazy<Task<TeacherAnswer>>>(hash, asking));
        }
    }

    private async Task<TeacherAnswer> FindOrAskAsync(TeacherRequest request, string hash, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (_store.Find(hash)?.Answer is { } known)
        {
            _tally.Add(hash, known, isNew: false);
            return known;
        }

        var caller = _caller ?? throw new MissingAnswerException();
        var most = _money.MostCost(request);
        if (!await _money.ReserveAsync(most, stop).ConfigureAwait(false))
        {
            throw new BudgetReachedException();
        }

        try
        {
            var answer = _money.WithCost(await caller.AskAsync(request, stop).ConfigureAwait(false), request);
            _store.Add(request, answer);
            _tally.Add(hash, answer, isNew: true);
            return answer;
        }
        finally
        {
            _money.Release(most);
        }
    }
}

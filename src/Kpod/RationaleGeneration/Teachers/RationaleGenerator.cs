using System.Globalization;
using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Teachers.Budget;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Runs;
using Microsoft.Extensions.AI;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>
/// Asks a teacher for rationales, several calls at once. Every answer is in the store before it is used, so whatever ends the work, the same call later asks only for what is missing. Samples of a question
/// are requests of their own; where none is right, more are asked for up to a limit.
/// </summary>
public sealed class RationaleGenerator
{
    private readonly TeacherStore _store;
    private readonly TeacherOptions _options;
    private readonly TeacherRequests _requests;
    private readonly TeacherCaller? _caller;
    private readonly ModelPrice? _price;
    private readonly string? _currency;

    /// <summary>Joins a teacher and a store.</summary>
    /// <param name="client">The teacher; null where only the store answers.</param>
    /// <param name="model">Its name: it goes to the server with every request, and names the teacher in the rationales.</param>
    /// <param name="store">The store; open to write unless only it answers.</param>
    /// <param name="options">Prompt, samples, settings and limits.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="time">The clock of waits, deadlines and limits.</param>
    /// <exception cref="KpodException">The examples or the prices cannot be used.</exception>
    public RationaleGenerator(IChatClient? client, string model, TeacherStore store, TeacherOptions options, long seed, TimeProvider time)
    {
        _store = store;
        _options = options;
        _requests = new TeacherRequests(model, options, seed);
        _caller = client is null ? null : new TeacherCaller(client, options, seed, time);
        (_price, _currency) = options.Prices is { } prices ? PriceFile.Find(prices, model) : default((ModelPrice?, string?));
    }

    /// <summary>Told after every sample; null for nobody.</summary>
    public IProgress<StageProgress>? Progress { get; init; }

    /// <summary>Asks for all that the store does not have.</summary>
    /// <param name="questions">The questions; their ids are unique.</param>
    /// <param name="cancel">Starts no further call; those in flight end and are stored.</param>
    /// <returns>The rationales of every question.</returns>
    /// <exception cref="KpodException">No request will work before something is changed; or only the store answers and lacks some.</exception>
    /// <exception cref="WorkFailedException">The budget is reached, the server is down, or requests stayed without an answer; what arrived is kept.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<GeneratedRationales> GenerateAsync(IReadOnlyList<Question> questions, CancellationToken cancel)
    {
        var money = new TeacherMoney(_price, _currency, (decimal?)_options.Budget);
        var tally = new TeacherTally(money, Progress);
        tally.Expect(questions.Count * _options.Samples);
        CountWhatIsSpent(questions, tally);
        var sampler = new TeacherSampler(_requests, new TeacherAnswers(_store, _caller, money, tally));
        var samples = questions.Select(_ => new RecordedRationale?[_options.Samples + _options.Resamples]).ToArray();
        try
        {
            var first = Enumerable.Range(0, questions.Count).SelectMany(question => Enumerable.Range(0, _options.Samples).Select(sample => (question, sample)));
            await EachAsync(first, async (item, stop) =>
            {
                samples[item.question][item.sample] = await sampler.SampleAsync(questions[item.question], item.sample, stop).ConfigureAwait(false);
                tally.SampleDone();
            }, cancel).ConfigureAwait(false);
            int[] wrong = _options.Resamples == 0 ? [] : [.. Enumerable.Range(0, questions.Count).Where(question => !samples[question].OfType<RecordedRationale>().Any(sample => TeacherSampler.IsRight(questions[question], sample)))];
            tally.Expect(wrong.Length * _options.Resamples);
            await EachAsync(wrong, (question, stop) => ResampleAsync(sampler, tally, questions[question], samples[question], stop), cancel).ConfigureAwait(false);
        }
        catch (BudgetReachedException)
        {
            throw new WorkFailedException(BudgetMessage(questions, money, tally));
        }

        sampler.ThrowIfAnyIsMissing(_store.FullPath);
        return new GeneratedRationales(
            questions.Select((question, index) => (question.Id, List: (IReadOnlyList<RecordedRationale>)[.. samples[index].OfType<RecordedRationale>()])).ToDictionary(pair => pair.Id, pair => pair.List),
            tally.ToUsage());
    }

    /// <summary>Says what <see cref="GenerateAsync"/> will take; asks nobody.</summary>
    /// <param name="questions">The questions.</param>
    /// <returns>Requests, tokens and cost.</returns>
    public TeacherEstimate Estimate(IReadOnlyList<Question> questions) => TeacherEstimator.Of(questions, _requests, _options, _store, _price, _currency);

    // Before the first call: of those that start at once, one could else start before all that the store holds is counted.
    private void CountWhatIsSpent(IReadOnlyList<Question> questions, TeacherTally tally)
    {
        if (_options.Budget is null)
        {
            return;
        }

        foreach (var hash in new PendingRequests(_requests, _options, _store).All(questions).Keys)
        {
            if (_store.Find(hash) is { } known)
            {
                tally.Add(hash, known.Answer, isNew: false);
            }
        }
    }

    private async ValueTask ResampleAsync(TeacherSampler sampler, TeacherTally tally, Question question, RecordedRationale?[] samples, CancellationToken stop)
    {
        for (var number = _options.Samples; number < samples.Length; number++)
        {
            samples[number] = await sampler.SampleAsync(question, number, stop).ConfigureAwait(false);
            tally.SampleDone();
            if (samples[number] is { } sample && TeacherSampler.IsRight(question, sample))
            {
                tally.Expect(number + 1 - samples.Length);
                return;
            }
        }
    }

    private Task EachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> work, CancellationToken cancel) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancel }, work);

    private string BudgetMessage(IReadOnlyList<Question> questions, TeacherMoney money, TeacherTally tally)
    {
        var left = Estimate(questions);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The budget of {_options.Budget} {_currency} is reached: {tally.ToUsage().Answers} answers cost {money.Spent:0.00####} {_currency}, and the next call could pass it. {left.ToAsk} requests are left, for about {left.Cost:0.00##} {_currency}. "
            + $"All answers are kept in {_store.FullPath}; raise the budget and run the same command to go on.");
    }
}

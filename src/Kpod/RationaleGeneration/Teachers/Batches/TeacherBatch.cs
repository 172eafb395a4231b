using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Teachers.Budget;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Clients;
using Kpod.RationaleGeneration.Teachers.Store;

namespace Kpod.RationaleGeneration.Teachers.Batches;

/// <summary>
/// Puts requests to a teacher through files instead of calls: what the store has no answer to is written as OpenAI Batch JSON Lines (vLLM's <c>run-batch</c> reads the same), and result files are read into the
/// store. A request's hash is its <c>custom_id</c>, so results may come late, in parts, in any order and twice.
/// </summary>
public sealed class TeacherBatch
{
    private readonly TeacherStore _store;
    private readonly TeacherOptions _options;
    private readonly PendingRequests _pending;
    private readonly TeacherMoney _money;
    private readonly TimeProvider _time;

    /// <summary>Joins a recipe's requests and a store.</summary>
    /// <param name="store">The store; open to write for an import.</param>
    /// <param name="options">Prompt, samples, settings, prices and budget; checked already, and of a server's teacher.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="KpodException">The examples or the prices cannot be used.</exception>
    public TeacherBatch(TeacherStore store, TeacherOptions options, long seed, TimeProvider time)
    {
        var model = TeacherSession.ModelOf(options);
        var (price, currency) = options.Prices is { } prices ? PriceFile.Find(prices, model) : default((ModelPrice?, string?));
        _store = store;
        _options = options;
        _pending = new PendingRequests(new TeacherRequests(model, options, seed), options, store);
        _money = new TeacherMoney(price?.OfBatch(), currency, (decimal?)options.Budget);
        _time = time;
    }

    /// <summary>Writes the requests that have no answer yet and can be put now. Second turns, and further samples of wrong ones, can be put once the answers that they depend on are imported.</summary>
    /// <param name="questions">The questions; their ids are unique.</param>
    /// <param name="folder">Takes <c>requests-0001.jsonl</c> and so on.</param>
    /// <param name="endpoint">The server that will answer: it says what the most tokens are called.</param>
    /// <param name="limits">The limits of a file.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="KpodException">The folder holds an earlier export, a request is too large, or the budget allows none.</exception>
    /// <exception cref="WorkFailedException">A file cannot be written.</exception>
    public async Task<BatchExport> ExportAsync(IReadOnlyList<Question> questions, string folder, Uri endpoint, BatchOptions limits)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "requests-*.jsonl").Any())
        {
            throw new KpodException($"{folder}: holds the files of an earlier export, and one that is sent twice is paid twice; name another folder, or delete those files.");
        }

        var pending = new List<TeacherRequest>();
        await foreach (var request in _pending.OfAsync(questions).ConfigureAwait(false))
        {
            pending.Add(request);
        }

        var (affordable, most) = Afford(pending, questions);
        var files = new BatchWriter(folder, OpenAiChatClient.LimitKey(endpoint), limits).Write(affordable);
        return new BatchExport(files, affordable.Count, pending.Count - affordable.Count, affordable.Sum(TokenEstimate.OfPrompt), _money.Currency is null ? null : most, _money.Currency);
    }

    /// <summary>Reads result and error files of batches into the store. What is not an answer is counted and named; nothing that the store holds is changed.</summary>
    /// <param name="questions">The questions of the export, with the same options.</param>
    /// <param name="paths">The files.</param>
    /// <returns>What became of their lines.</returns>
    /// <exception cref="KpodException">A file cannot be read, or all lines are of other requests.</exception>
    /// <exception cref="WorkFailedException">The store cannot be written; the same import goes on where it ended.</exception>
    public async Task<BatchImport> ImportAsync(IReadOnlyList<Question> questions, IReadOnlyList<string> paths)
    {
        var importer = new BatchImporter(_store, _money, _time);
        foreach (var path in paths)
        {
            // Anew for each file: the answers of one tell the second turns of the next.
            importer.Read(path, _pending.All(questions));
        }

        importer.RefuseIfAllAreOfOthers();
        var left = 0;
        await foreach (var _ in _pending.OfAsync(questions).ConfigureAwait(false))
        {
            left++;
        }

        return importer.ToImport(left);
    }

    private (IReadOnlyList<TeacherRequest> Requests, decimal Most) Afford(List<TeacherRequest> pending, IReadOnlyList<Question> questions)
    {
        var spent = _options.Budget is null ? 0 : _pending.All(questions).Keys.Sum(hash => _store.Find(hash)?.Answer.Cost ?? 0);
        var (affordable, most) = (new List<TeacherRequest>(), 0m);
        foreach (var request in pending)
        {
            var cost = _money.MostCost(request);
            if (_options.Budget is { } budget && spent + most + cost > (decimal)budget)
            {
                break;
            }

            affordable.Add(request);
            most += cost;
        }

        return affordable.Count > 0 || pending.Count == 0 ? (affordable, most)
            : throw new KpodException(FormattableString.Invariant($"The budget of {_options.Budget} {_money.Currency} allows no further request: {spent:0.00####} {_money.Currency} are spent, and the next can cost up to {_money.MostCost(pending[0]):0.00####}. Raise the budget."));
    }
}

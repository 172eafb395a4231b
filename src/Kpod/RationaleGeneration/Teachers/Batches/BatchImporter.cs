using System.Text;
using Kpod.RationaleGeneration.Teachers.Budget;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Store;

namespace Kpod.RationaleGeneration.Teachers.Batches;

/// <summary>Reads result files line by line into a store, and counts what became of the lines.</summary>
internal sealed class BatchImporter
{
    private const int AddedAtOnce = 1000;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly TeacherStore _store;
    private readonly TeacherMoney _money;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, (TeacherAnswer Answer, string Place)> _taken = new(StringComparer.Ordinal);
    private readonly List<StoredAnswer> _waiting = [];
    private readonly Dictionary<BatchOutcome, int> _outcomes = [];
    private readonly List<BatchProblem> _problems = [];
    private int _lines;
    private string? _firstOther;

    /// <summary>Begins with nothing read.</summary>
    /// <param name="store">Takes the answers.</param>
    /// <param name="money">Prices of a batch; counts what the answers cost.</param>
    /// <param name="time">The clock.</param>
    public BatchImporter(TeacherStore store, TeacherMoney money, TimeProvider time)
    {
        _store = store;
        _money = money;
        _time = time;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">The requests that it may answer, by hash.</param>
    public void Read(string path, IReadOnlyDictionary<string, TeacherRequest> known)
    {
        try
        {
            // Latin-1 keeps every byte as it is, so that a line of faulty bytes is a fault of that line alone.
            using var reader = new StreamReader(path, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
            for (var number = 1; reader.ReadLine() is { } text; number++)
            {
                var line = Encoding.Latin1.GetBytes(text).AsSpan();
                line = number == 1 && line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line;
                if (!line.Trim(" \t\r"u8).IsEmpty)
                {
                    Take(path, number, BatchRow.Read(line, _time.GetUtcNow()), known);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: cannot be read ({exception.Message}) Answers of the lines before are stored.", exception);
        }
        finally
        {
            Flush();
        }
    }

    /// <summary>Says so where the files answer nothing that was asked.</summary>
    public void RefuseIfAllAreOfOthers()
    {
        if (_firstOther is not null && _outcomes.Keys.All(outcome => outcome is BatchOutcome.OtherRequest or BatchOutcome.Unreadable))
        {
            throw new KpodException($"{_firstOther}: a batch result for other requests, as is every other line. Give the questions, model, prompt, samples and settings of the export: they make the ids. Nothing was stored.");
        }
    }

    /// <summary>What was counted.</summary>
    /// <param name="left">Requests that have no answer yet.</param>
    public BatchImport ToImport(int left) => new(
        _lines, _outcomes.OrderBy(pair => pair.Key).ToDictionary(), _problems, _money.Currency is null ? null : _money.Spent, _money.Currency, left);

    private void Take(string path, int number, BatchRow row, IReadOnlyDictionary<string, TeacherRequest> known)
    {
        var (outcome, reason) = row.CustomId is null || !known.TryGetValue(row.CustomId, out var request)
            ? row.CustomId is null ? (row.Outcome, row.Reason) : (BatchOutcome.OtherRequest, "is a batch result for other requests")
            : row.Answer is null ? (row.Outcome, row.Reason) : Keep(row.CustomId, request, row.Answer, $"{path}, line {number}");
        _lines++;
        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        if (reason is not null)
        {
            _problems.Add(new BatchProblem(path, number, row.CustomId, outcome, reason));
        }

        _firstOther ??= outcome == BatchOutcome.OtherRequest ? $"{path}, line {number}" : null;
    }

    private (BatchOutcome Outcome, string? Reason) Keep(string hash, TeacherRequest request, TeacherAnswer answer, string place)
    {
        if (_taken.TryGetValue(hash, out var earlier))
        {
            return earlier.Answer.SaysTheSame(answer) ? (BatchOutcome.Duplicate, null) : (BatchOutcome.Contradiction, $"has another answer than {earlier.Place}, which stays");
        }

        if (_store.Find(hash)?.Answer is { } stored)
        {
            _taken[hash] = (stored with { Raw = string.Empty }, "the store");
            return stored.SaysTheSame(answer) ? (BatchOutcome.AlreadyStored, null) : (BatchOutcome.Contradiction, "has another answer than the store, which stays");
        }

        var priced = _money.WithCost(answer, request);
        _money.Spend(priced.Cost ?? 0);
        _taken[hash] = (priced with { Raw = string.Empty }, place); // with log-probabilities it may be long
        _waiting.Add(new StoredAnswer(request, priced));
        if (_waiting.Count == AddedAtOnce)
        {
            Flush();
        }

        return answer.FinishReason == TeacherAnswer.Length ? (BatchOutcome.CutOff, "was cut off at the most tokens; it is stored, and will be dropped as cut off") : (BatchOutcome.Added, null);
    }

    private void Flush()
    {
        _store.Add(_waiting);
        _waiting.Clear();
    }
}

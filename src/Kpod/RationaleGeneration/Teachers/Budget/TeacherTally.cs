using System.Globalization;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.Runs;

namespace Kpod.RationaleGeneration.Teachers.Budget;

/// <summary>Counts answers while they come in, from any thread, and says how far the work is.</summary>
internal sealed class TeacherTally
{
    private readonly Lock _gate = new();
    private readonly TeacherMoney _money;
    private readonly IProgress<StageProgress>? _progress;
    private readonly Dictionary<string, int> _finishReasons = new(StringComparer.Ordinal);
    private readonly HashSet<string> _counted = new(StringComparer.Ordinal);
    private int _asked;
    private int _done;
    private long _inputTokens;
    private long _outputTokens;
    private int _total;

    /// <summary>Counts from nothing.</summary>
    /// <param name="money">Takes what the answers cost.</param>
    /// <param name="progress">Told after every sample; null for nobody.</param>
    public TeacherTally(TeacherMoney money, IProgress<StageProgress>? progress)
    {
        _money = money;
        _progress = progress;
    }


    /// <summary>Counts an answer, once, however many samples use it.</summary>
    /// <param name="hash">Its request's hash.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="isNew">Whether it was asked for now.</param>
    public void Add(string hash, TeacherAnswer answer, bool isNew)
    {
        lock (_gate)
        {
            if (!_counted.Add(hash))
            {
                return;
            }

            _asked += isNew ? 1 : 0;
            _inputTokens += answer.InputTokens ?? 0;
            _outputTokens += answer.OutputTokens ?? 0;
            var reason = answer.FinishReason ?? "unknown";
            _finishReasons[reason] = _finishReasons.GetValueOrDefault(reason) + 1;
        }

        _money.Spend(answer.Cost ?? 0);
    }

    /// <summary>Changes how many samples there will be.</summary>
    /// <param name="samples">How many more; negative for fewer.</param>
    public void Expect(int samples)
    {
        lock (_gate)
        {
            _total += samples;
        }
    }

    /// <summary>Notes that a sample is done, and tells.</summary>
    public void SampleDone()
    {
        lock (_gate)
        {
            _done++;
            var projected = _money.Spent / _done * _total;
            var note = _money.Currency is { } currency ? string.Create(CultureInfo.InvariantCulture, $"{_money.Spent:0.00##} {currency} so far, about {projected:0.00} in all") : null;
            _progress?.Report(new StageProgress(_done, _total, "samples", Note: note));
        }
    }

    /// <summary>What was counted.</summary>
    /// <returns>The figures.</returns>
    public TeacherUsage ToUsage()
    {
        lock (_gate)
        {
            return new TeacherUsage(_counted.Count, _asked, _inputTokens, _outputTokens, _money.Currency is null ? null : _money.Spent, _money.Currency, new Dictionary<string, int>(_finishReasons));
        }
    }
}

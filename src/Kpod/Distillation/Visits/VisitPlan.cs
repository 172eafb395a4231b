using Kpod.Distillation.Options;
using Kpod.LanguageModels.Training;

namespace Kpod.Distillation.Visits;

/// <summary>
/// The order of a training: which rationale is visited at which optimizer step and stage. It follows from seed, epoch and the items alone, so that a
/// resumed training goes on exactly, and is the same for every method: all are compared at equal optimizer steps on equal data.
/// </summary>
internal sealed class VisitPlan
{
    private readonly IReadOnlyList<DistillationItem> _items;
    private readonly IReadOnlyList<int[]> _itemsOfQuestion;
    private readonly DistillationOptions _options;
    private readonly int _stagesPerEpoch;
    private readonly long _seed;
    private (int Epoch, IReadOnlyList<int[]> Batches) _current = (-1, []);

    /// <summary>Lays out a training.</summary>
    /// <param name="items">The rationales; an epoch visits each question once, with one of its rationales, and all of them in turn over the epochs.</param>
    /// <param name="options">Epochs, batch size and accumulation.</param>
    /// <param name="stagesPerEpoch">Stages that share an epoch; each visits its share of the epoch's batches.</param>
    /// <param name="seed">The run's seed.</param>
    public VisitPlan(IReadOnlyList<DistillationItem> items, DistillationOptions options, int stagesPerEpoch, long seed)
    {
        _items = items;
        _itemsOfQuestion = [.. Enumerable.Range(0, items.Count).GroupBy(index => items[index].Rationale.QuestionId).Select(group => group.ToArray())];
        _options = options;
        _stagesPerEpoch = stagesPerEpoch;
        _seed = seed;
        var microBatches = (_itemsOfQuestion.Count + options.BatchSize - 1) / options.BatchSize;
        StepsPerEpoch = (microBatches + options.AccumulationSteps - 1) / options.AccumulationSteps;
    }

    /// <summary>Optimizer steps an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Optimizer steps of the whole training.</summary>
    public long TotalSteps => (long)StepsPerEpoch * _options.Epochs;

    /// <summary>What one optimizer step visits.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <returns>Its epoch and stage, both from 1, and its micro-batches of item indices.</returns>
    public (int Epoch, int Stage, IReadOnlyList<int[]> MicroBatches) At(long step)
    {
        var epoch = (int)(step / StepsPerEpoch);
        var stepOfEpoch = (int)(step % StepsPerEpoch);
        if (_current.Epoch != epoch)
        {
            _current = (epoch, BatchesOf(epoch));
        }

        var stage = (epoch * _stagesPerEpoch) + (int)((long)stepOfEpoch * _stagesPerEpoch / StepsPerEpoch) + 1;
        var microBatches = _current.Batches.Skip(stepOfEpoch * _options.AccumulationSteps).Take(_options.AccumulationSteps).ToArray();
        return (epoch + 1, stage, microBatches);
    }

    private IReadOnlyList<int[]> BatchesOf(int epoch)
    {
        var random = Seeds.Generator(_seed, "data order", epoch);
        var visited = new int[_itemsOfQuestion.Count];
        for (var question = 0; question < visited.Length; question++)
        {
            // A rotation with a start of its own for each question: after as many epochs as it has rationales, each was visited once.
            var candidates = _itemsOfQuestion[question];
            var start = Seeds.Derive(_seed, "first rationale", question) % candidates.Length;
            visited[question] = candidates[(start + epoch) % candidates.Length];
        }

        var batches = LengthBuckets.Cut([.. visited.Select(item => _items[item].Rationale.Length)], _options.BatchSize, random);
        return [.. batches.Select(batch => batch.Select(index => visited[index]).ToArray())];
    }
}

using Kpod.ProgressiveSchedule.Selection;

namespace Kpod.ProgressiveSchedule;

/// <summary>
/// Goes from stage to stage: how many steps of each rationale are still given (Eq. 11) and how much difficulty that leaves to the student (Eq. 9).
/// </summary>
internal sealed class StageWalk
{
    private readonly double[][] _steps;
    private readonly int[] _clusters;
    private readonly ScheduleOptions _options;
    private readonly VisitOrder _visitOrder;
    private readonly double[] _rises;

    /// <summary>Starts with all steps given.</summary>
    /// <param name="steps">d of each step of each rationale, in nat.</param>
    /// <param name="clusters">Cluster of each rationale.</param>
    /// <param name="options">The options.</param>
    /// <param name="visitOrder">Order of visits at each selection.</param>
    public StageWalk(double[][] steps, int[] clusters, ScheduleOptions options, VisitOrder visitOrder)
    {
        _steps = steps;
        _clusters = clusters;
        _options = options;
        _visitOrder = visitOrder;
        _rises = new double[steps.Length];
        Given = [.. steps.Select(ofRationale => ofRationale.Length)];
    }

    /// <summary>c: given steps of each rationale.</summary>
    public int[] Given { get; }

    /// <summary>H = sum_i h_i (Eq. 9): the difficulty of all steps that are not given, in nat.</summary>
    /// <returns>Added up anew, so no rounding gathers over the stages.</returns>
    public double Difficulty()
    {
        var sum = 0.0;
        for (var item = 0; item < _steps.Length; item++)
        {
            sum += Written(item, Given[item]);
        }

        return sum;
    }

    /// <summary>Finds c(0).</summary>
    /// <param name="initialDifficulty">C_0, in nat.</param>
    public void Start(double initialDifficulty)
    {
        switch (_options.InitialSelection)
        {
            case InitialSelection.RepeatedSelection:
                for (var round = 0; Advance(initialDifficulty, stage: 0, round).Count > 0; round++)
                {
                }

                break;
            case InitialSelection.Proportional:
                for (var item = 0; item < _steps.Length; item++)
                {
                    var share = _options.InitialShare * Written(item, 0);
                    while (Given[item] > 0 && SelectionProblem.IsWithin(Written(item, Given[item] - 1), share))
                    {
                        Given[item]--;
                    }
                }

                break;
            case InitialSelection.LastStepOutput:
                for (var item = 0; item < _steps.Length; item++)
                {
                    Given[item]--;
                }

                break;
            case InitialSelection.AnswerOnly:
                break;
            default:
                throw new InvalidOperationException($"There is no initial selection {_options.InitialSelection}.");
        }
    }

    /// <summary>Selects and hands the selected rationales' next steps over to the student.</summary>
    /// <param name="ceiling">D(t), or C_0 at stage 0, in nat.</param>
    /// <param name="stage">t.</param>
    /// <param name="round">Number of the selection within the stage.</param>
    /// <returns>S(t), ascending.</returns>
    public IReadOnlyList<int> Advance(double ceiling, int stage, int round)
    {
        for (var item = 0; item < _steps.Length; item++)
        {
            // Only the steps really released are charged (methods: clamp at 0).
            _rises[item] = Sum(_steps[item], Math.Max(0, Given[item] - _options.Released), Given[item]);
        }

        // A rationale that is written whole has nothing left to hand over, but would earn the diversity bonus.
        int[] order = [.. _visitOrder(stage, round).Where(item => Given[item] > 0)];
        var budget = ceiling - Difficulty();
        var value = new ScheduleValue(_rises, _clusters, _options.Clusters, _options.DiversityWeight);
        var selection = _options.Selector switch
        {
            StageSelector.Ftgp => Ftgp.Select(value, budget, _options.Epsilon, order),
            StageSelector.DensityGreedy => DensityGreedy.Select(value, budget, order),
            _ => throw new InvalidOperationException($"There is no selector {_options.Selector}."),
        };
        foreach (var item in selection.Items)
        {
            Given[item] = Math.Max(0, Given[item] - _options.Released);
        }

        return selection.Items;
    }

    /// <summary>Hands everything over at once.</summary>
    /// <returns>The rationales that still had given steps, ascending.</returns>
    public IReadOnlyList<int> Finish()
    {
        int[] unfinished = [.. Enumerable.Range(0, Given.Length).Where(item => Given[item] > 0)];
        Array.Clear(Given);
        return unfinished;
    }

    // h_i if the first steps are given (Eq. 9).
    private double Written(int item, int given) => Sum(_steps[item], given, _steps[item].Length);

    private static double Sum(double[] steps, int from, int to)
    {
        var sum = 0.0;
        for (var step = from; step < to; step++)
        {
            sum += steps[step];
        }

        return sum;
    }
}

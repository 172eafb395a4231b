using Kpod.Evaluation;

namespace Kpod.Reports.Records;

/// <summary>The students of two runs on the questions of one split.</summary>
/// <param name="First">Name of the first run.</param>
/// <param name="Second">Name of the second run.</param>
/// <param name="Split">The split.</param>
/// <param name="Comparison">How they did.</param>
public sealed record PairedRuns(string First, string Second, string Split, PairedComparison Comparison)
{
    /// <summary>Every two runs, in the order in which they are given, on every split that both answered.</summary>
    /// <param name="runs">The runs.</param>
    /// <returns>The pairs, split by split.</returns>
    public static IReadOnlyList<PairedRuns> Of(IReadOnlyList<RunReportData> runs)
    {
        var outcomes = runs.Select(run => run.Generations.GroupBy(answer => answer.Split)
            .ToDictionary(split => split.Key, split => split.DistinctBy(answer => answer.QuestionId).ToDictionary(answer => answer.QuestionId, answer => answer.Correct))).ToList();
        var splits = outcomes.SelectMany(run => run.Keys).Distinct();
        return
        [
            .. from split in splits
               from first in Enumerable.Range(0, runs.Count)
               from second in Enumerable.Range(first + 1, runs.Count - first - 1)
               where outcomes[first].ContainsKey(split) && outcomes[second].ContainsKey(split)
               let comparison = PairedComparison.Of(outcomes[first][split], outcomes[second][split])
               where comparison.Questions > 0
               select new PairedRuns(runs[first].Name, runs[second].Name, split, comparison),
        ];
    }
}

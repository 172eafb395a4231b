using BenchmarkDotNet.Attributes;
using Kpod.ProgressiveSchedule;
using Kpod.StepDifficulty;

namespace Kpod.Benchmarks;

/// <summary>Planning a whole schedule (FTGP, Eq. 9 to 13): stage 5 without its clustering.</summary>
public class ScheduleBenchmarks
{
    private const int Epochs = 100;

    private RationaleDifficulty[] _rationales = [];
    private int[] _clusters = [];

    /// <summary>Number of rationales.</summary>
    [Params(1_000, 10_000)]
    public int Rationales { get; set; }

    /// <summary>Makes up rationales of two to eight steps.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var random = Seeds.Generator(1, "benchmark rationales");
        _rationales =
        [
            .. Enumerable.Range(0, Rationales).Select(number => new RationaleDifficulty
            {
                QuestionId = $"q{number}",
                Sample = 0,
                Steps = [.. Enumerable.Range(0, random.Next(2, 9)).Select(step => new StepWithDifficulty(step, step + 1, step, step + 1, 0.1 + random.NextDouble()))],
            }),
        ];
        _clusters = [.. _rationales.Select(_ => random.Next(5))];
    }

    /// <summary>Fifty stages.</summary>
    /// <returns>The plan.</returns>
    [Benchmark]
    public StageSchedule Plan() => StagePlanner.Plan(_rationales, _clusters, new ScheduleOptions(), Epochs, seed: 1);
}

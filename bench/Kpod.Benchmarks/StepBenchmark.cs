using TorchSharp;
using static TorchSharp.torch.nn;

namespace Kpod.Benchmarks;

/// <summary>
/// One optimizer step of LoRA on a student of SmolLM2-135M's shape, as a share of what this machine's matrix products reach in the same run, and beside PyTorch.
/// </summary>
internal static class StepBenchmark
{
    private const int Batch = 4;
    private const int Length = 256;
    private const int Supervised = 64;
    private const int CeilingTimes = 25;

    /// <summary>
    /// Work of a step in GFLOP, a product of m x k and k x n counted as 2 m k n: base maps 217 forward and as much backward (their weights are frozen), adapters 40 forward and 80 backward, scores and their
    /// use in attention 18 and 36 (a causal model may leave half of it out; it counts all the same), output layer on the 256 supervised positions 14.5 forward and backward each, and what rounding up there is.
    /// </summary>
    private const double StepGflop = 645;

    private const double CeilingGflop = CeilingTimes * 2.0 * 512 * 2048 * 2048 / 1e9;

    private static readonly (torch.ScalarType Type, string Name, double Aim)[] Types = [(torch.ScalarType.BFloat16, "bfloat16", 0.70), (torch.ScalarType.Float32, "float32", 0.80)];

    /// <summary>Measures and writes <c>step.md</c>.</summary>
    /// <param name="settings">What every measurement is told.</param>
    public static void Run(BenchmarkSettings settings)
    {
        torch.set_num_threads(settings.Threads);
        var version = string.Empty;
        var rows = Types.SelectMany(type => Compare(type.Type, type.Name, type.Aim, settings, ref version)).ToList();
        var page = new ResultPage("step", "A LoRA step as a share of the matmul ceiling");
        page.Table(["base weights", "", "seconds a step", "tokens/s", "ceiling, GFLOP/s", "share of the ceiling (clock)", "share (processor time)", "aim", "Kpod against it (clock)", "(processor time)"], rows);
        page.Say($"SmolLM2-135M's shape with random weights, adapters of rank 64 in float32 on all linear maps, Adam; batch {Batch} x {Length}, of which {Supervised} tokens each are supervised; {settings.Threads} thread(s), "
            + $"{settings.Rounds ?? 5} rounds in turns, medians. The ceiling is a linear map of 512 rows and 2048 x 2048 weights in the same type, timed between the steps; a step counts as {StepGflop} GFLOP for everybody. "
            + (version.Length == 0 ? "PyTorch was not measured; `--peer /usr/bin/python3` does." : $"PyTorch {version}, eager, computes {(settings.PeerLibrary == "plain" ? "as transformers and PEFT do" : "with these libraries")} (`bench/peers/lora_step.py`), in turns with ours."));
        page.Write(settings);
    }

    private static List<string[]> Compare(torch.ScalarType type, string name, double aim, BenchmarkSettings settings, ref string version)
    {
        using var work = new StudentStep(StudentShape.SmolLm2, type, Batch, Length, Supervised);
        using var peer = settings.Peer is { } python ? new PyTorchPeer(python, settings.PeerLibrary, name, settings.Threads) : null;
        using var x = torch.randn(512, 2048).to(type);
        using var weight = torch.randn(2048, 2048).to(type);
        var (ceiling, ours, theirs) = (new Side("ceiling"), new Side("Kpod"), new Side("PyTorch"));
        List<Action> works = [() => ceiling.Add(Sample.Of(() => Multiply(x, weight))), () => ours.Add(Sample.Of(work.Take))];
        if (peer is not null)
        {
            works.Add(() => theirs.Add(peer.Step()));
            version = peer.Version;
        }

        Side.Alternate(settings.Rounds ?? 5, works);
        var rows = new List<string[]> { Row(name, ours, ceiling, ResultPage.Number(aim), string.Empty, string.Empty) };
        if (peer is not null)
        {
            rows.Add(Row(name, theirs, ceiling, string.Empty, ResultPage.Number(ours.SpeedAgainst(theirs, sample => sample.Wall)), ResultPage.Number(ours.SpeedAgainst(theirs, sample => sample.Processor))));
        }

        return rows;
    }

    private static string[] Row(string type, Side side, Side ceiling, string aim, string wall, string processor)
    {
        string[] row =
        [
            type, side.Name, ResultPage.Number(side.Wall), ResultPage.Number(Batch * Length / side.Wall), ResultPage.Number(CeilingGflop / ceiling.Wall),
            Share(sample => sample.Wall), Share(sample => sample.Processor), aim, wall, processor,
        ];
        Console.Error.WriteLine(string.Join("  ", row));
        return row;

        // As fast as the ceiling would be: the same work in the same time.
        string Share(Func<Sample, double> time) => ResultPage.Number(side.SpeedAgainst(ceiling, time) * StepGflop / CeilingGflop);
    }

    private static void Multiply(torch.Tensor x, torch.Tensor weight)
    {
        using var noGradient = torch.no_grad();
        for (var time = 0; time < CeilingTimes; time++)
        {
            functional.linear(x, weight).Dispose();
        }
    }
}

using Kpod.Cli.Display;
using Kpod.Runs;
using Kpod.Testing;

namespace Kpod.Cli.Tests;

public sealed class ProgressLineTests
{
    [Fact]
    public void The_line_shows_the_cost_and_is_gone_when_all_is_done()
    {
        using var output = new StringWriter();
        var observer = new ConsoleObserver(output, isTerminal: true, new JumpTime(TimeSpan.Zero));
        observer.OnProgress("rationales", new StageProgress(4, 4, "samples", Note: "0.20 USD so far, about 0.20 in all"));
        var drawn = output.ToString().Split('\r');
        Assert.StartsWith("rationales: 4 of 4 samples, ", drawn[1], StringComparison.Ordinal);
        Assert.EndsWith("left, 0.20 USD so far, about 0.20 in all", drawn[1], StringComparison.Ordinal);
        Assert.Equal(new string(' ', drawn[1].Length), drawn[2]);
        Assert.Equal(string.Empty, drawn[3]);
    }
}

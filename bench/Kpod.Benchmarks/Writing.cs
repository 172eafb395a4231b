namespace Kpod.Benchmarks;

/// <summary>One run of a text generator: what was written, and how long reading the prompts and writing took.</summary>
internal sealed class Writing
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly TimeSpan _processor = Environment.CpuUsage.TotalTime;
    private Sample _read;

    /// <summary>Time until the first token of each text was chosen; packing of weights included.</summary>
    public Sample Read => _read;

    /// <summary>Time for all further tokens.</summary>
    public Sample Written { get; private set; }

    /// <summary>The tokens, text by text.</summary>
    public int[][] Ids { get; private set; } = [];

    /// <summary>Runs a generator.</summary>
    /// <param name="write">Is given what to call when the first token of each text is chosen; returns the tokens written.</param>
    /// <returns>The run.</returns>
    public static Writing Of(Func<Action, int[][]> write)
    {
        var run = new Writing();
        run.Ids = write(() => run._read = run.Now());
        var end = run.Now();
        run.Written = new Sample(end.Wall - run.Read.Wall, end.Processor - run.Read.Processor);
        return run;
    }

    private Sample Now() => new(TimeProvider.System.GetElapsedTime(_start).TotalSeconds, (Environment.CpuUsage.TotalTime - _processor).TotalSeconds);
}

namespace Kpod.Benchmarks;

/// <summary>What one piece of work took.</summary>
/// <param name="Wall">Seconds on the clock.</param>
/// <param name="Processor">Seconds of all threads on a processor: what a busy machine cannot inflate, but waiting threads that spin do.</param>
internal readonly record struct Sample(double Wall, double Processor)
{
    /// <summary>Measures a piece of work in this process.</summary>
    /// <param name="work">The work.</param>
    /// <returns>Its time.</returns>
    public static Sample Of(Action work)
    {
        var (start, processor) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        work();
        return new Sample(TimeProvider.System.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}

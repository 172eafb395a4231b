namespace Kpod.Benchmarks;

/// <summary>Ends this process before it takes the memory that other programs on the machine need.</summary>
internal sealed class MemoryGuard : IDisposable
{
    /// <summary>The exit code of a process that the guard ended.</summary>
    public const int ExitCode = 3;

    private const long LeastAvailableBytes = 1L << 30;

    private readonly Timer _timer;

    /// <summary>Starts to watch.</summary>
    /// <param name="mostBytes">Resident bytes of this process at which it ends.</param>
    public MemoryGuard(long mostBytes) =>
        _timer = new Timer(_ => Look(mostBytes), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));

    /// <summary>A figure of this process, in bytes.</summary>
    /// <param name="key">A line of <c>/proc/self/status</c>, such as <c>VmHWM</c>: the largest resident size so far.</param>
    /// <returns>The figure.</returns>
    public static long Own(string key) => Read("/proc/self/status", key);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private static void Look(long mostBytes)
    {
        var (resident, available) = (Own("VmRSS"), Read("/proc/meminfo", "MemAvailable"));
        if (resident > mostBytes || available < LeastAvailableBytes)
        {
            Console.Error.WriteLine($"ended by the guard at {resident >> 20} MiB resident, {available >> 20} MiB left on the machine");
            Environment.Exit(ExitCode);
        }
    }

    private static long Read(string file, string key) =>
        long.Parse(File.ReadLines(file).First(line => line.StartsWith(key + ":", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
}

namespace Kpod.Testing;

/// <summary>A clock that runs faster than the world's, so that a test need not wait as long as its subject.</summary>
/// <param name="factor">How much faster.</param>
public sealed class QuickTime(double factor) : TimeProvider
{
    private readonly long _start = System.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)((System.GetTimestamp() - _start) * factor);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds((double)GetTimestamp() / TimestampFrequency);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));

    private TimeSpan Shorten(TimeSpan time) => time < TimeSpan.Zero ? time : TimeSpan.FromTicks((long)(time.Ticks / factor));
}

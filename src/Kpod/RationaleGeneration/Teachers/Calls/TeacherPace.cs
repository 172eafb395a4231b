namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>
/// When the next call may start: calls are spread evenly over the minute, so that no minute has more requests or tokens than allowed, and all wait together where a server asks for a pause.
/// </summary>
internal sealed class TeacherPace
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _perRequest;
    private readonly double _secondsPerToken;
    private readonly long _start;
    private TimeSpan _nextRequest;
    private TimeSpan _nextTokens;
    private TimeSpan _pausedUntil;

    /// <summary>Makes a pace.</summary>
    /// <param name="requestsPerMinute">The most requests a minute; null for no limit.</param>
    /// <param name="tokensPerMinute">The most tokens a minute; null for no limit.</param>
    /// <param name="time">The clock.</param>
    public TeacherPace(int? requestsPerMinute, int? tokensPerMinute, TimeProvider time)
    {
        _time = time;
        _perRequest = requestsPerMinute is { } requests ? TimeSpan.FromMinutes(1.0 / requests) : TimeSpan.Zero;
        _secondsPerToken = tokensPerMinute is { } tokens ? 60.0 / tokens : 0;
        _start = time.GetTimestamp();
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Waits for a call's turn.</summary>
    /// <param name="tokens">Tokens that it is expected to take.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task WaitAsync(long tokens, CancellationToken cancel)
    {
        while (true)
        {
            var turn = Take(tokens);
            var wait = turn - Now;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, cancel).ConfigureAwait(false);
            }

            cancel.ThrowIfCancellationRequested();
            lock (_gate)
            {
                // A pause that came meanwhile takes the turn away: all line up again behind it.
                if (_pausedUntil <= turn)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Makes good what a call took more or less than expected.</summary>
    /// <param name="tokens">Tokens that it took beyond those expected; negative for fewer.</param>
    public void Correct(long tokens)
    {
        lock (_gate)
        {
            _nextTokens += TimeSpan.FromSeconds(tokens * _secondsPerToken);
        }
    }

    /// <summary>Lets no call start for a while.</summary>
    /// <param name="wait">How long from now.</param>
    public void Pause(TimeSpan wait)
    {
        lock (_gate)
        {
            var until = Now + wait;
            _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
        }
    }

    private TimeSpan Take(long tokens)
    {
        lock (_gate)
        {
            var turn = Now;
            turn = _nextRequest > turn ? _nextRequest : turn;
            turn = _nextTokens > turn ? _nextTokens : turn;
            turn = _pausedUntil > turn ? _pausedUntil : turn;
            _nextRequest = turn + _perRequest;
            _nextTokens = turn + TimeSpan.FromSeconds(tokens * _secondsPerToken);
            return turn;
        }
    }
}

namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>The circuit breaker: sees whether a teacher is plainly down, from failures in a row over all calls.</summary>
internal sealed class TeacherHealth
{
    /// <summary>Failures in a row after which a server that has answered before may count as down.</summary>
    public const int FailuresInARow = 10;

    /// <summary>Calls that did not reach a server that has never answered, after which it counts as down.</summary>
    public const int NeverReached = 3;

    /// <summary>Refused requests, of a server that has never answered, after which no request is thought to work.</summary>
    public const int NeverAccepted = 5;

    /// <summary>How long the row must last: a server that starts anew is back by then.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private bool _hasAnswered;
    private int _inARow;
    private int _refused;
    private long _rowStarted;

    /// <summary>Makes one for a server of which nothing is known.</summary>
    /// <param name="time">The clock.</param>
    public TeacherHealth(TimeProvider time) => _time = time;

    /// <summary>Notes an answer.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _hasAnswered = true;
            _inARow = 0;
        }
    }

    /// <summary>Notes a failure.</summary>
    /// <param name="failure">The failed call.</param>
    /// <returns>Whether it makes no sense to go on.</returns>
    public bool IsDownAfter(TeacherCallException failure)
    {
        lock (_gate)
        {
            if (failure.Failure == TeacherFailure.Request)
            {
                _refused++;
                return !_hasAnswered && _refused >= NeverAccepted;
            }

            // A server that asks for fewer calls is up.
            if (failure.Failure != TeacherFailure.Passing)
            {
                return false;
            }

            if (_inARow++ == 0)
            {
                _rowStarted = _time.GetTimestamp();
            }

            return (failure.IsUnreachable && !_hasAnswered && _inARow >= NeverReached)
                || (_inARow >= FailuresInARow && _time.GetElapsedTime(_rowStarted) >= LongestSilence);
        }
    }
}

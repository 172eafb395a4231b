namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>A call to a teacher that brought no answer. An <c>IChatClient</c> of one's own may throw it to say what is to be done.</summary>
internal sealed class TeacherCallException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="failure">What it means for the calls after it.</param>
    /// <param name="message">What happened, without a key or header.</param>
    /// <param name="retryAfter">How long the server asks to wait; null where it does not say.</param>
    /// <param name="innerException">The error behind it.</param>
    public TeacherCallException(TeacherFailure failure, string message, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        RetryAfter = retryAfter;
    }

    /// <summary>What it means for the calls after it.</summary>
    public TeacherFailure Failure { get; }

    /// <summary>How long the server asks to wait before the next call; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The body of a response that is paid for though nobody can read it; null for all else. It is kept, so that it is not bought again and again.</summary>
    internal string? PaidBody { get; init; }

    /// <summary>Whether the server was not reached at all.</summary>
    public bool IsUnreachable { get; init; }
}

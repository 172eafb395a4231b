namespace Kpod;

/// <summary>The input was sound and the work came to nothing all the same: a full disk, a loss that is no number, weights that collapsed. Programs end with another code than for bad input.</summary>
public class WorkFailedException : KpodException
{
    /// <summary>Makes a failure with a message meant for the user.</summary>
    /// <param name="message">What happened, where, and what to do.</param>
    public WorkFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes a failure with a message meant for the user and the error behind it.</summary>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="innerException">The error behind it.</param>
    public WorkFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace Kpod;

/// <summary>A fault in what the user gave (a file, a key, a value, a path), or work that came to nothing (<see cref="WorkFailedException"/>). Its message says what is wrong, where, the value and the mend; programs show it without a stack trace.</summary>
public class KpodException : Exception
{
    /// <summary>Makes a fault with a message meant for the user.</summary>
    /// <param name="message">What is wrong, where it stands, the offending value and how to mend it.</param>
    public KpodException(string message)
        : base(message)
    {
    }

    /// <summary>Makes a fault with a message meant for the user and the error behind it.</summary>
    /// <param name="message">What is wrong, where it stands, the offending value and how to mend it.</param>
    /// <param name="innerException">The error behind it.</param>
    public KpodException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Joins the faults that one check found, so that all are reported at once.</summary>
    /// <param name="title">What was checked.</param>
    /// <param name="faults">One message a fault; at least one.</param>
    /// <returns>One error that lists every fault on a line of its own.</returns>
    public static KpodException FromFaults(string title, IReadOnlyList<string> faults) =>
        new(faults.Count == 1 ? $"{title}: {faults[0]}" : $"{title}: {faults.Count} faults\n  - " + string.Join("\n  - ", faults));
}

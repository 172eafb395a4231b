using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>The words with which servers say why an answer ended, brought to the few that matter here. There is no list of them all, so what they hold decides.</summary>
internal static class FinishReasons
{
    /// <summary>Stopped for what it says.</summary>
    public const string ContentFilter = "content_filter";

    /// <summary>Broken off by a fault of the server.</summary>
    public const string Error = "error";

    /// <summary>Our own word for a response that is paid for and that nobody can read.</summary>
    public const string Unreadable = "unreadable";

    private static readonly string[] Ended = ["abort", "aborted", "cancelled", "canceled", "interrupted"];

    private static readonly (string Reason, string[] Marks)[] Known =
    [
        (Error, ["error", "fail", "timeout", "time_out", "unavailable", "disconnect", "overload", "malformed"]),
        (ContentFilter, ["filter", "safety", "block", "recitation", "prohibited", "sensitive", "moderation", "spii"]),
        (TeacherAnswer.Length, ["length", "max", "limit", "trunc", "incomplete", "cut", "budget", "exceed", "token"]),
    ];

    /// <summary>Reads a server's word.</summary>
    /// <param name="word">The word; null where it says nothing.</param>
    /// <returns><see cref="TeacherAnswer.Length"/>, <see cref="ContentFilter"/> or <see cref="Error"/> where it means one of them, else the word itself.</returns>
    public static string? Read(string? word)
    {
        if (word is null or TeacherAnswer.Stop or "eos_token")
        {
            return word;
        }

        var plain = word.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');
        return Ended.Contains(plain) ? Error : Known.FirstOrDefault(known => known.Marks.Any(mark => plain.Contains(mark, StringComparison.Ordinal)), (Reason: word, Marks: [])).Reason;
    }

    /// <summary>Whether a text with this reason came to its own end, so that its answer is one.</summary>
    /// <param name="reason">The reason as read.</param>
    /// <returns>False where it was cut off, broken off, stopped, refused or unreadable.</returns>
    public static bool IsWhole(string? reason) =>
        reason is not (TeacherAnswer.Length or ContentFilter or Error or Unreadable or RecordedRationale.Refused or RecordedRationale.Rejected);
}

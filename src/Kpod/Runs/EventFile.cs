using Kpod.Files;

namespace Kpod.Runs;

/// <summary>The file of a run's events, a line each.</summary>
internal static class EventFile
{
    private const int LongestEvent = 1 << 20;

    // A kill or a full disk may have cut the last event short; the next one must not be joined to it.
    /// <summary>Takes away the end of a line that was cut.</summary>
    /// <param name="events">The file; it may be missing.</param>
    /// <exception cref="KpodException">It holds something else than lines.</exception>
    public static void DropCutLine(string events)
    {
        if (File.Exists(events))
        {
            FileKind.RefuseUnlessRegular(events);
            using var stream = new FileStream(events, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            var end = new byte[Math.Min(stream.Length, LongestEvent)];
            stream.Seek(-end.Length, SeekOrigin.End);
            stream.ReadExactly(end);
            var whole = Array.LastIndexOf(end, (byte)'\n') + 1;
            if (whole == 0 && stream.Length > LongestEvent)
            {
                throw new KpodException($"{events}: holds no lines of events but something else; move it away.");
            }

            if (whole < end.Length)
            {
                stream.SetLength(stream.Length - end.Length + whole);
            }
        }
    }
}

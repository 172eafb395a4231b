using System.Globalization;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Teachers.Store;

/// <summary>
/// Brings the answers of several stores into one: those of machines that each asked a share of the questions. Merging again changes nothing, and the order of the stores does not matter. Stores in which a teacher
/// says different things to one request contradict each other and are not merged; nothing is written then. Where it said the same twice, as a greedy one does, the answer that arrived first is taken.
/// </summary>
public static class TeacherStoreMerge
{
    private const int MostNamed = 5;
    private const int AddedAtOnce = 1024;
    private const int LongestQuote = 60;

    /// <summary>Merges.</summary>
    /// <param name="target">Takes the answers, and keeps those that it has as they are.</param>
    /// <param name="paths">The stores; they are only read. One that is the target itself adds nothing.</param>
    /// <returns>What each of them brought.</returns>
    /// <exception cref="KpodException">A store cannot be read, or stores contradict each other; the message names the requests.</exception>
    /// <exception cref="WorkFailedException">The target cannot be written; running it again completes the merge.</exception>
    public static IReadOnlyList<MergedStore> Merge(TeacherStore target, IReadOnlyList<string> paths)
    {
        var sources = new List<TeacherStore>();
        try
        {
            foreach (var path in paths.Select(Path.GetFullPath).Distinct().Where(path => path != target.FullPath))
            {
                sources.Add(TeacherStore.OpenToRead(path));
            }

            RefuseContradictions(target, sources);
            return [.. sources.Select((source, index) => new MergedStore(source.FullPath, source.Count, Take(target, sources, index)))];
        }
        finally
        {
            sources.ForEach(source => source.Dispose());
        }
    }

    private static int Take(TeacherStore target, List<TeacherStore> sources, int index) =>
        sources[index].All().Where(stored => IsFirst(stored, sources, index)).Chunk(AddedAtOnce).Sum(target.Add);

    // Of the same words said twice that which arrived first; so the order of the stores does not matter.
    private static bool IsFirst(StoredAnswer stored, List<TeacherStore> sources, int index) => !sources
        .Where((_, other) => other != index)
        .Select(other => other.Find(stored.Request.Hash)?.Answer)
        .Any(answer => answer is not null && Precedes(answer, stored.Answer));

    private static bool Precedes(TeacherAnswer one, TeacherAnswer other) =>
        one.ArrivedAt < other.ArrivedAt || (one.ArrivedAt == other.ArrivedAt && string.CompareOrdinal(one.Raw, other.Raw) < 0);

    private static void RefuseContradictions(TeacherStore target, List<TeacherStore> sources)
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < sources.Count; index++)
        {
            foreach (var stored in sources[index].All())
            {
                var hash = stored.Request.Hash;
                if (sources.Take(index).Prepend(target).FirstOrDefault(earlier => earlier.Find(hash) is { } other && !other.Answer.SaysTheSame(stored.Answer)) is { } earlier)
                {
                    faults.TryAdd(hash, $"the request {hash} (sample {stored.Request.Sample}, {Quote(stored.Request.Messages[^1].Text)}) has the answer {Quote(earlier.Find(hash)!.Answer.Text)} in {earlier.FullPath}, but {Quote(stored.Answer.Text)} in {sources[index].FullPath}");
                }
            }
        }

        if (faults.Count > 0)
        {
            throw KpodException.FromFaults(
                "The stores contradict each other, so nothing was merged; leave one of them out, or delete what is not wanted from one (sqlite3 FILE \"DELETE FROM answers WHERE hash = '...'\")",
                [.. faults.Values.Take(MostNamed), .. faults.Count > MostNamed ? [string.Create(CultureInfo.InvariantCulture, $"and {faults.Count - MostNamed} more")] : Array.Empty<string>()]);
        }
    }

    private static string Quote(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestQuote ? $"'{line}'" : $"'{line.AsSpan(0, LongestQuote)}...'";
    }
}

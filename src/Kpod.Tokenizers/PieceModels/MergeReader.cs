namespace Kpod.Tokenizers.PieceModels;

/// <summary>Turns merges as files spell them into a table by id.</summary>
internal static class MergeReader
{
    /// <summary>Cuts a merge that is written as one string.</summary>
    /// <param name="merge">Two pieces with a space between, such as "Ġ t".</param>
    /// <param name="place">File and key, for errors.</param>
    /// <returns>The two pieces.</returns>
    /// <exception cref="KpodException">There is not exactly one space between two pieces.</exception>
    public static (string Left, string Right) Cut(string merge, string place)
    {
        var space = merge.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && space + 1 < merge.Length && merge.IndexOf(' ', space + 1) < 0
            ? (merge[..space], merge[(space + 1)..])
            : throw new KpodException($"{place}: the merge \"{merge}\" is not two pieces with one space between.");
    }

    /// <summary>Makes the table.</summary>
    /// <param name="merges">The merges in order of rank.</param>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="place">File and key, for errors.</param>
    /// <returns>The table.</returns>
    /// <exception cref="KpodException">A piece of a merge, or what it makes, is not in the vocabulary.</exception>
    public static MergeTable Read(IReadOnlyCollection<(string Left, string Right)> merges, Vocabulary vocabulary, string place)
    {
        var table = new MergeTable(merges.Count);
        var rank = 0;
        foreach (var (left, right) in merges)
        {
            table.Add(Find(left), Find(right), rank, Find(left + right));
            rank++;
        }

        return table;

        int Find(string piece) => vocabulary.Find(piece)
            ?? throw new KpodException($"{place}: merge {rank} needs the piece \"{piece}\", which is not in the vocabulary.");
    }
}

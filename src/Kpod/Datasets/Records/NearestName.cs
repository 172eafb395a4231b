namespace Kpod.Datasets.Records;

/// <summary>Finds the name that a misspelt one was meant to be.</summary>
internal static class NearestName
{
    // Words that other data sets use for the same.
    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.Ordinal)
    {
        ["question"] = ["problem", "query", "input", "prompt", "instruction", "stem", "text"],
        ["answer"] = ["label", "target", "gold", "final_answer", "result", "answerkey", "correct"],
        ["rationales"] = ["rationale", "solution", "explanation", "reasoning", "cot", "chain_of_thought", "steps"],
        ["choices"] = ["options", "candidates"],
    };

    /// <summary>The nearest of some names.</summary>
    /// <param name="name">A name that is none of them.</param>
    /// <param name="known">The names.</param>
    /// <returns>The one with the fewest edits; null where none is near.</returns>
    public static string? Among(string name, IEnumerable<string> known)
    {
        var (nearest, edits) = known.Select(candidate => (candidate, Edits(name, candidate))).OrderBy(pair => pair.Item2).FirstOrDefault();
        return nearest is not null && edits <= Math.Max(1, Math.Min(name.Length, nearest.Length) / 3) ? nearest : null;
    }

    /// <summary>The field of a record that may hold what is asked for under another name.</summary>
    /// <param name="field">The field that is asked for.</param>
    /// <param name="present">The names that are there.</param>
    /// <returns>A misspelling of the field or another word for it; null where nothing is like it.</returns>
    public static string? For(string field, IReadOnlyCollection<string> present) => Among(field, present)
        ?? present.FirstOrDefault(name => Synonyms.GetValueOrDefault(field, []).Contains(name.ToLowerInvariant()));

    // Levenshtein distance, ignoring case.
    private static int Edits(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[right.Length];
    }
}

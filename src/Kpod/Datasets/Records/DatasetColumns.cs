namespace Kpod.Datasets.Records;

/// <summary>
/// Which fields of the user's records hold what; the recipe's section <c>dataset.columns</c>. A field inside another is named with a dot (<c>solution.final</c>), one of a list with its place
/// (<c>turns.0</c>). What is left out has the name that our own format gives it.
/// </summary>
public sealed record DatasetColumns
{
    /// <summary>The question's text.</summary>
    public string? Question { get; init; }

    /// <summary>The gold answer.</summary>
    public string? Answer { get; init; }

    /// <summary>A rationale or a list of them; where there is no answer, it is looked for in the first.</summary>
    public string? Rationale { get; init; }

    /// <summary>The choices.</summary>
    public string? Choices { get; init; }

    /// <summary>Names every column that is empty.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        foreach (var (key, value) in new[] { ("question", Question), ("answer", Answer), ("rationale", Rationale), ("choices", Choices) })
        {
            if (value is not null && string.IsNullOrWhiteSpace(value))
            {
                yield return $"dataset.columns.{key} is empty; name a field of the records, or leave the key out.";
            }
        }
    }
}

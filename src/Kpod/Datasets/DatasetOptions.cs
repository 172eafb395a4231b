using Kpod.Datasets.Formats;
using Kpod.Datasets.Records;
using Kpod.Recipes;

namespace Kpod.Datasets;

/// <summary>Where the questions are; the recipe's section <c>dataset</c>.</summary>
public sealed record DatasetOptions
{
    /// <summary>Format of the records; null to find it out from the first one.</summary>
    public DatasetFormat? Format { get; init; }

    /// <summary>Which fields hold what, for records of no known format; null where none is named.</summary>
    public DatasetColumns? Columns { get; init; }

    /// <summary>Questions to learn from.</summary>
    [RecipePath]
    public required DataPaths Train { get; init; }

    /// <summary>Questions to choose settings by; none where it is left out.</summary>
    [RecipePath]
    public DataPaths? Validation { get; init; }

    /// <summary>Questions to be judged by; none where it is left out.</summary>
    [RecipePath]
    public DataPaths? Test { get; init; }

    /// <summary>Takes only the first so many questions of each split, for a trial, and reads no further; null for all.</summary>
    [AtMost(int.MaxValue)]
    public int? Limit { get; init; }

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        if (Limit is < 1)
        {
            yield return $"dataset.limit is {Limit}; it must be 1 or more, or left out for all questions.";
        }

        if (Columns is not null && Format is not (null or DatasetFormat.JsonLines))
        {
            yield return $"dataset.columns names fields, but dataset.format is a format with names of its own ({System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(Format.ToString()!)}); leave one of them out.";
        }

        foreach (var fault in Columns?.Check() ?? [])
        {
            yield return fault;
        }
    }
}

using Kpod.Datasets.Formats;
using Kpod.Recipes;

namespace Kpod.Datasets;

/// <summary>Where the questions are; the recipe's section <c>dataset</c>.</summary>
public sealed record DatasetOptions
{
    /// <summary>Format of the files.</summary>
    public DatasetFormat Format { get; init; } = DatasetFormat.JsonLines;

    /// <summary>Questions to learn from.</summary>
    [RecipePath]
    public required string Train { get; init; }

    /// <summary>Questions to choose settings by; none where it is left out.</summary>
    [RecipePath]
    public string? Validation { get; init; }

    /// <summary>Questions to be judged by; none where it is left out.</summary>
    [RecipePath]
    public string? Test { get; init; }

    /// <summary>Takes only the first so many questions of each split, for a trial; null for all.</summary>
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
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Kpod.Tests.Datasets;

/// <summary>A row of a test's Parquet file, with a nested column and a list.</summary>
[SuppressMessage("Design", "CA1002", Justification = "The writer of Parquet files fills and reads lists.")]
[SuppressMessage("Usage", "CA2227", Justification = "As above.")]
public sealed class ParquetRow
{
    public string question { get; set; } = string.Empty;

    public ParquetChoices choices { get; set; } = new();

    public string answerKey { get; set; } = string.Empty;

    public List<string> notes { get; set; } = [];
}

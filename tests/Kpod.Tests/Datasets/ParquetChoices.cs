using System.Diagnostics.CodeAnalysis;

namespace Kpod.Tests.Datasets;

/// <summary>Choices as the hub's CommonsenseQA has them, in a Parquet file of a test.</summary>
[SuppressMessage("Design", "CA1002", Justification = "The writer of Parquet files fills and reads lists.")]
[SuppressMessage("Usage", "CA2227", Justification = "As above.")]
public sealed class ParquetChoices
{
    public List<string> label { get; set; } = [];

    public List<string> text { get; set; } = [];
}

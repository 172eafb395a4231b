namespace Kpod.Reports.Records;

/// <summary>A named value, shown as it is.</summary>
/// <param name="Name">What it is, such as <c>threads</c>.</param>
/// <param name="Value">Its value with unit.</param>
public sealed record ReportFact(string Name, string Value);

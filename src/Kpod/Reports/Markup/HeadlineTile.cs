namespace Kpod.Reports.Markup;

/// <summary>A figure that the page leads with.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Name">What it is.</param>
/// <param name="Note">Interval or context; empty for none.</param>
internal sealed record HeadlineTile(string Value, string Name, string Note);

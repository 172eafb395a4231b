namespace Kpod.Reports.Markup;

/// <summary>A section of a page.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Absence">Why there is nothing to show, in one line; null where there is.</param>
/// <param name="Write">Writes what stands under the heading; called only where there is something to show.</param>
internal sealed record PageSection(string Id, string Title, string? Absence, Action<MarkupWriter> Write);

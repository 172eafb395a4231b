namespace Kpod.Reports.Markup;

/// <summary>A column of a <see cref="ResultTable"/>.</summary>
/// <param name="Title">Its heading, with unit.</param>
/// <param name="IsNumber">Whether its cells stand to the right.</param>
public sealed record ResultColumn(string Title, bool IsNumber);

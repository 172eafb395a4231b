namespace Kpod.Reports.Charts;

/// <summary>Maps values of an axis to places in a drawing, linearly.</summary>
/// <param name="Low">Value at <paramref name="Start"/>.</param>
/// <param name="High">Value at <paramref name="End"/>; not equal to <paramref name="Low"/>.</param>
/// <param name="Start">Place of the low value.</param>
/// <param name="End">Place of the high value.</param>
internal readonly record struct LinearScale(double Low, double High, double Start, double End)
{
    /// <summary>The place of a value; a value outside the axis lands on its end.</summary>
    /// <param name="value">A finite value.</param>
    /// <returns>A place between start and end.</returns>
    public double Map(double value) => Start + ((End - Start) * Math.Clamp((value - Low) / (High - Low), 0, 1));
}

namespace Kpod.Reports.Charts;

/// <summary>How a legend shows a series.</summary>
internal enum LegendShape
{
    /// <summary>A piece of its line.</summary>
    Line,

    /// <summary>A piece of its line with its marker.</summary>
    LineWithMarker,

    /// <summary>Its marker.</summary>
    Marker,

    /// <summary>A filled square.</summary>
    Area,
}

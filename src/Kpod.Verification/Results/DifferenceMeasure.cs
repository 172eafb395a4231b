namespace Kpod.Verification.Results;

/// <summary>How a difference from recorded numbers is measured.</summary>
public enum DifferenceMeasure
{
    /// <summary>max|a - b| / max|b| over all values, with b the recorded ones.</summary>
    Relative,

    /// <summary>The largest |a - b| / |b| of all values, each by itself.</summary>
    EachRelative,

    /// <summary>The largest |a - b| of all values.</summary>
    Absolute,

    /// <summary>The share of values that are not exactly the recorded ones: ids, texts, bits, verdicts.</summary>
    Differing,
}

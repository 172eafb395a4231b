namespace Kpod.Verification.Results;

/// <summary>How a difference from recorded numbers is measured.</summary>
public enum DifferenceMeasure
{
    /// <summary>max|a - b| / max|b| over all values, with b the recorded ones.</summary>
    Relative,

    /// <summary>The share of values that are not exactly the recorded ones: ids, texts, bits, verdicts.</summary>
    Differing,
}

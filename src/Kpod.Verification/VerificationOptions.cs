using Kpod.LanguageModels.Native;

namespace Kpod.Verification;

/// <summary>How numbers are held against recorded ones.</summary>
public sealed record VerificationOptions
{
    /// <summary>
    /// Largest max|a - b| / max|b| per tensor, 0 or more. The reference libraries in float32 lie within 6e-6 of their own float64 numbers, so 1e-5 is fair.
    /// Schedules are computed in double precision on both sides and held to a ten-thousandth of it.
    /// </summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Where models compute.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        if (!(Tolerance >= 0) || !double.IsFinite(Tolerance))
        {
            yield return FormattableString.Invariant($"the tolerance is {Tolerance}; it must be 0 or more, such as 1e-5.");
        }
    }
}

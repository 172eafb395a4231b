using System.Globalization;
using Kpod.LanguageModels.Native;
using Kpod.LanguageModels.Testing;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.Tests;

/// <summary>What the tests ask of a verification's report.</summary>
internal static class VerificationAssert
{
    public static VerificationOptions Options { get; } = new() { Device = TestDevice.Current.type == DeviceType.CUDA ? ComputeDevice.Cuda : ComputeDevice.Cpu };

    /// <summary>Asserts that all is within its limits and prints the largest difference of each file, and what was not checked.</summary>
    public static void Passes(VerificationReport report)
    {
        Assert.NotEmpty(report.Checks);
        foreach (var file in report.Checks.GroupBy(check => check.File))
        {
            var largest = file.MaxBy(check => check.Difference)!;
            Print(string.Create(CultureInfo.InvariantCulture, $"{file.Key}: {file.Count()} checks, largest difference {largest.Difference:E1} in {largest.Name}"));
        }

        foreach (var item in report.NotChecked)
        {
            Print($"not checked: {item.File}: {item.Name}: {item.Reason}");
        }

        var off = report.Checks.Where(check => !check.Passed).Select(check => $"{check.File}: {check.Name}: {check.Difference} > {check.Limit}: {check.Detail}");
        Assert.True(report.Passed, string.Join('\n', off));
    }

    /// <summary>Asserts that these checks fail, each with a word on where, and all others pass.</summary>
    public static void FailsIn(VerificationReport report, params string[] names)
    {
        var failed = report.Checks.Where(check => !check.Passed).ToArray();
        Assert.Equal(names.Order(StringComparer.Ordinal), failed.Select(check => $"{check.File}: {check.Name}").Order(StringComparer.Ordinal));
        Assert.All(failed, check => Assert.NotEmpty(check.Detail!));
        Assert.False(report.Passed);
    }

    private static void Print(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}

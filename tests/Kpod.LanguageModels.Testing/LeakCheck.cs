using TorchSharp;
using Xunit;

namespace Kpod.LanguageModels.Testing;

/// <summary>Asserts that a repeated step leaves no tensor behind.</summary>
public static class LeakCheck
{
    /// <summary>Runs a step again and again and asserts that the number of live tensors of this thread stays the same.</summary>
    /// <param name="step">The step; it must clean up after itself.</param>
    /// <param name="steps">How often it is run after the warm-up.</param>
    /// <param name="warmUp">How often it is run before counting, for what is made once and kept.</param>
    public static void IsFlat(Action step, int steps = 10, int warmUp = 2)
    {
        Repeat(step, warmUp);
        var before = LiveTensors();
        Repeat(step, steps);
        var after = LiveTensors();
        Assert.True(after == before, $"{after - before} more tensors are alive after {steps} steps ({before} before, {after} after)");
    }

    private static void Repeat(Action step, int times)
    {
        for (var time = 0; time < times; time++)
        {
            step();
        }
    }

    private static long LiveTensors() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
}

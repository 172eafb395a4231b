using Kpod.Reports;

namespace Kpod.Tests.Reports;

public sealed class RunPageTests
{
    [Fact]
    public void The_demo_pages_are_written_for_looking_at()
    {
        var folder = Environment.GetEnvironmentVariable("KPOD_DEMO_REPORTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "set KPOD_DEMO_REPORTS to a folder to get the demo pages for a browser");
        RunPage.Write(Path.Combine(folder!, "run.html"), DemoRun.Kpod());
        RunPage.Write(Path.Combine(folder!, "run-cot.html"), DemoRun.Cot());
        ComparisonPage.Write(Path.Combine(folder!, "compare.html"), "SVAMP, SmolLM2-135M: KPOD and plain CoT", [DemoRun.Kpod(), DemoRun.Cot()]);
        Assert.True(File.Exists(Path.Combine(folder!, "compare.html")));
    }
}

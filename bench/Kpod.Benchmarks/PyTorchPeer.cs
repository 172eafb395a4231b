using System.Diagnostics;
using System.Globalization;

namespace Kpod.Benchmarks;

/// <summary>The same step in PyTorch, in a process of its own that does one whenever it is asked: <c>bench/peers/lora_step.py</c>.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="python">The interpreter that has PyTorch.</param>
    /// <param name="implementation"><c>plain</c> PyTorch, or <c>transformers</c> with PEFT.</param>
    /// <param name="type">Type of the base's weights, as PyTorch calls it.</param>
    /// <param name="threads">Threads.</param>
    /// <exception cref="KpodException">It does not start.</exception>
    public PyTorchPeer(string python, string implementation, string type, int threads)
    {
        var script = Path.Combine(BenchmarkSettings.RepositoryRoot, "bench", "peers", "lora_step.py");
        _process = Process.Start(new ProcessStartInfo(python, [script, "--serve", "--implementation", implementation, "--dtype", type, "--threads", threads.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Version = Answer();
    }

    /// <summary>PyTorch's version, and what else computes there.</summary>
    public string Version { get; }

    /// <summary>Lets it do a step.</summary>
    /// <returns>What it took there.</returns>
    public Sample Step()
    {
        _process.StandardInput.WriteLine("step");
        _process.StandardInput.Flush();
        var numbers = Answer().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new Sample(numbers[0], numbers[1]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Answer() => _process.StandardOutput.ReadLine()
        ?? throw new KpodException("bench/peers/lora_step.py ended early; run it by hand to see why. --peer must name a Python that has PyTorch.");
}

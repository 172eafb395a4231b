using System.Text.Json;
using BenchmarkDotNet.Running;
using Kpod.Benchmarks;

if (args is [MemoryStep.Verb, var told])
{
    JsonSerializer.Deserialize<MemoryStep>(told)!.Run();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);

using Kpod.Models;
using TorchSharp;

namespace Kpod.Verification;

/// <summary>Holds what this library computes against numbers that a reference implementation recorded (docs/guide/verify.md).</summary>
public static class Verifier
{
    /// <summary>Compares a model with a folder of recorded numbers.</summary>
    /// <param name="model">A Hugging Face folder or a .gguf file.</param>
    /// <param name="reference">The folder with <c>reference.safetensors</c>, <c>lora*/</c>, <c>full/</c>, <c>kpod.json</c>, whichever are there; or for a .gguf file the JSON that describes it. Null for the model's own folder, or the JSON beside the file.</param>
    /// <param name="weights">A .gguf file whose weights stand in for those of the folder <paramref name="model"/>; null for the folder's own.</param>
    /// <param name="options">Tolerance and device.</param>
    /// <returns>Every comparison.</returns>
    /// <exception cref="KpodException">A file is missing or unsound, there is nothing to compare with, or the model cannot be loaded.</exception>
    public static VerificationReport Model(string model, string? reference, string? weights, VerificationOptions options)
    {
        var report = Start(options);
        var device = ComputeDevices.Open(options.Device);
        var isFolder = Directory.Exists(model);
        if (!isFolder && !File.Exists(model))
        {
            throw new KpodException($"{model}: there is no such model; give a folder with config.json and weights, or a .gguf file.");
        }

        if (weights is not null && !isFolder)
        {
            throw new KpodException($"{model}: is a file, so that --model {weights} is one too many; give the folder with the recorded numbers.");
        }

        reference ??= isFolder ? model : Path.ChangeExtension(model, ".json");
        if (!isFolder && !Directory.Exists(reference))
        {
            new GgufReference(report, model, reference, device).Check();
        }
        else
        {
            var path = weights is null || File.Exists(weights) ? weights ?? model : Path.Combine(model, weights);
            new ModelReference(report, new ModelUnderTest(path, isFolder ? model : reference, device), reference).Check();
        }

        return report.ToReport();
    }

    private static ReportBuilder Start(VerificationOptions options)
    {
        var faults = options.Check().ToList();
        return faults.Count == 0 ? new ReportBuilder(options.Tolerance) : throw KpodException.FromFaults("verification", faults);
    }
}

namespace Kpod.Benchmarks;

/// <summary>What every measurement is told.</summary>
/// <param name="Command">The command line that was given, for the result's head.</param>
/// <param name="Threads">Threads of either side.</param>
/// <param name="Rounds">Rounds of either side that count; null for the measurement's own number.</param>
/// <param name="Shared">Folder with models, tokenizers and texts.</param>
/// <param name="ModelFile">A .gguf file; null for SmolLM2-135M of the shared folder.</param>
/// <param name="Peer">A Python that has PyTorch; null to leave PyTorch out.</param>
/// <param name="PeerLibrary"><c>plain</c>, or <c>transformers</c> for transformers and PEFT themselves.</param>
/// <param name="Results">Folder that the results are written to.</param>
internal sealed record BenchmarkSettings(string Command, int Threads, int? Rounds, string Shared, string? ModelFile, string? Peer, string PeerLibrary, string Results)
{
    /// <summary>The repository's root folder: the nearest one above this program that holds <c>Kpod.slnx</c>.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The model to be measured, a .gguf file.</summary>
    public string Model => ModelFile ?? PathOf("models", "SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");

    /// <summary>Something in the shared folder.</summary>
    /// <param name="parts">Path below it.</param>
    /// <returns>The full path of an existing file or folder.</returns>
    /// <exception cref="KpodException">It is not there.</exception>
    public string PathOf(params ReadOnlySpan<string> parts)
    {
        var path = Path.GetFullPath(Path.Combine([Shared, .. parts]));
        return Path.Exists(path) ? path : throw new KpodException($"{path}: is not there. This measurement needs it; name the folder with --shared, or another file with this verb's own options (--help).");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Kpod.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new KpodException("the benchmarks must run below the folder that holds Kpod.slnx");
    }
}

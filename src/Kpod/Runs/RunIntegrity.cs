namespace Kpod.Runs;

/// <summary>Holds a run's files against the checksums of its manifest, so that what was altered is not used in silence.</summary>
public static class RunIntegrity
{
    private const int MostNamed = 5;

    /// <summary>Checks the recipe and the files of finished work.</summary>
    /// <param name="folder">The run's folder; one without a manifest is not looked at.</param>
    /// <param name="works">The pieces of work whose files are used; null for all.</param>
    /// <exception cref="KpodException">A file is missing or was altered; the message names it.</exception>
    public static void Check(string folder, IReadOnlyCollection<string>? works = null)
    {
        var path = Path.Combine(folder, RunFiles.Manifest);
        if (!File.Exists(path))
        {
            return;
        }

        var manifest = RunManifest.Read(path);
        var files = manifest.Finished.Where(work => works is null || works.Contains(work.Key)).SelectMany(work => work.Value.Files);
        var faults = files.Select(file => FaultOf(folder, file)).OfType<string>().Prepend(RecipeFault(folder, manifest)).OfType<string>().ToArray();
        if (faults.Length > 0)
        {
            throw KpodException.FromFaults(
                $"{folder}: the run is not as it was finished. Put back what was changed, or let 'kpod run' with its recipe make it anew", [.. faults.Take(MostNamed), .. faults.Length > MostNamed ? [$"and {faults.Length - MostNamed} more"] : Array.Empty<string>()]);
        }
    }

    /// <summary>Whether a file is as it was described.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="file">Its description in the manifest.</param>
    /// <returns>False where it is missing or altered.</returns>
    public static bool IsWhole(string folder, ArtefactFile file) => FaultOf(folder, file) is null;

    /// <summary>The error of an artefact that does not agree with the others.</summary>
    /// <param name="path">The artefact.</param>
    /// <param name="what">What is wrong with it.</param>
    /// <returns>The error.</returns>
    internal static KpodException Altered(string path, string what) => new($"{path}: {what}; the file was changed after the run wrote it. Delete it, and it is made anew.");

    private static string? RecipeFault(string folder, RunManifest manifest) =>
        manifest.RecipeSha256 is not { } hash
        || (new FileInfo(Path.Combine(folder, RunFiles.Recipe)) is { Exists: true, Length: <= RunFiles.LongestRecipe } found && InputsHash.OfFile(found.FullName) == hash) ? null
            : $"{RunFiles.Recipe} is missing or was altered after the run wrote it";

    private static string? FaultOf(string folder, ArtefactFile file)
    {
        var found = new FileInfo(Path.Combine(folder, file.Path));
        return !found.Exists ? $"{file.Path} is missing"
            : found.Length != file.Bytes ? $"{file.Path} was altered: it has {found.Length} bytes, and was written with {file.Bytes}"
            : InputsHash.OfFile(found.FullName) != file.Sha256 ? $"{file.Path} was altered: its content is not the one that was written"
            : null;
    }
}

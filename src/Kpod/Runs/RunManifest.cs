using Kpod.Files;

namespace Kpod.Runs;

/// <summary>What of a run is finished: <c>manifest.json</c>.</summary>
public sealed record RunManifest
{
    /// <summary>Version of this file's format.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>SHA-256 of <see cref="RunFiles.Recipe"/> as the run wrote it; null in a folder that has none yet.</summary>
    public string? RecipeSha256 { get; init; }

    /// <summary>The finished pieces of work by name.</summary>
    public IReadOnlyDictionary<string, FinishedWork> Finished { get; init; } = new Dictionary<string, FinishedWork>();

    /// <summary>Reads a manifest.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="KpodException">It is no manifest, or one that names files outside of its folder.</exception>
    public static RunManifest Read(string path)
    {
        var manifest = JsonArtefact.Read<RunManifest>(path);
        var stray = manifest.Finished.Values.SelectMany(work => work?.Files ?? []).FirstOrDefault(file => file is null || !IsInside(file.Path));
        return stray is null && manifest.Finished.Values.All(work => work?.Files is { } files && !files.Contains(null!)) ? manifest
            : throw new KpodException($"{path}: names '{SafeText.OneLine(stray?.Path ?? "null")}', which is no file of the run; the manifest was changed by hand.");
    }

    private static bool IsInside(string file) =>
        file.Length > 0 && !Path.IsPathRooted(file) && !file.Split('/', '\\').Contains("..") && !file.Any(char.IsControl);
}

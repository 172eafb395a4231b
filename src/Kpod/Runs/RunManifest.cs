namespace Kpod.Runs;

/// <summary>What of a run is finished: <c>manifest.json</c>.</summary>
public sealed record RunManifest
{
    /// <summary>Version of this file's format.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>The finished pieces of work by name.</summary>
    public IReadOnlyDictionary<string, FinishedWork> Finished { get; init; } = new Dictionary<string, FinishedWork>();
}

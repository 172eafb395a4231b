namespace Kpod.Testing;

/// <summary>A folder of its own for one test, deleted at its end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("kpod-test-").FullName;

    /// <summary>A path in the folder.</summary>
    /// <param name="parts">Path below it.</param>
    /// <returns>The full path.</returns>
    public string PathOf(params string[] parts) => Path.Combine([FullPath, .. parts]);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}

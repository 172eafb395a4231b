using System.Diagnostics.CodeAnalysis;

namespace Kpod.Recipes;

/// <summary>The files of a split: one file, several, or a folder of them.</summary>
public sealed class DataPaths
{
    private DataPaths(IReadOnlyList<string> paths) => Paths = paths;

    /// <summary>Files and folders, in order.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>A single file or folder; none for null.</summary>
    /// <param name="path">Where it is.</param>
    [return: NotNullIfNotNull(nameof(path))]
    public static implicit operator DataPaths?(string? path) => path is null ? null : Of(path);

    /// <summary>Files and folders that belong together.</summary>
    /// <param name="paths">At least one.</param>
    /// <returns>The split's files.</returns>
    public static DataPaths Of(params IReadOnlyList<string> paths) => paths.Count > 0 ? new DataPaths(paths) : throw new ArgumentException("A split has one file at least.", nameof(paths));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Paths);
}

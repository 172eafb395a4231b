namespace Kpod.Files;

/// <summary>Paths as users write them: checked and brought into one form here, so that every verb and recipe means the same by them.</summary>
public static class UserPath
{
    private const int MostLinks = 40;

    /// <summary>A path without the slashes at its end.</summary>
    /// <param name="path">As it was written.</param>
    /// <param name="what">What it is of, such as <c>--out</c>, for the message.</param>
    /// <returns>The path, relative where it was.</returns>
    /// <exception cref="KpodException">It is empty, or holds a line break or another character that is none of a name.</exception>
    public static string Written(string path, string what) => Fault(path) is { } fault ? throw new KpodException($"{what} {fault}.") : Path.TrimEndingDirectorySeparator(path) is { } trimmed && trimmed != path ? Written(trimmed, what) : path;

    /// <summary>What is wrong with a path.</summary>
    /// <param name="path">As it was written.</param>
    /// <returns>The rest of a sentence; null where nothing is wrong.</returns>
    public static string? Fault(string path) => string.IsNullOrWhiteSpace(path) ? "is empty; name a file or folder"
        : path.Any(char.IsControl) ? $"is '{SafeText.OneLine(path)}', and a line break or control character is no part of a name; name it without"
        : null;

    /// <summary>The full path without the slashes at its end.</summary>
    /// <param name="path">As it was written.</param>
    /// <param name="what">What it is of, for the message.</param>
    /// <returns>An absolute path.</returns>
    /// <exception cref="KpodException">As of <see cref="Written"/>.</exception>
    public static string Full(string path, string what) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(Written(path, what)));

    /// <summary>Where a path leads once every link in it is followed; what is not there yet stays as it is written.</summary>
    /// <param name="path">The path.</param>
    /// <returns>An absolute path.</returns>
    /// <exception cref="KpodException">Its links lead in a circle.</exception>
    public static string Resolve(string path)
    {
        var left = MostLinks;
        return Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

        string Follow(string full)
        {
            if (Path.GetDirectoryName(full) is not { } parent)
            {
                return full;
            }

            var folder = Follow(parent);
            var here = Path.Combine(folder, Path.GetFileName(full));
            if (new FileInfo(here).LinkTarget is not { } target)
            {
                return here;
            }

            return left-- > 0 ? Follow(Path.TrimEndingDirectorySeparator(Path.GetFullPath(target, folder)))
                : throw new KpodException($"{path}: its links lead in a circle; name another place.");
        }
    }

    /// <summary>Whether a path is another one or lies in it; links are to be resolved before.</summary>
    /// <param name="path">The path.</param>
    /// <param name="folder">The other.</param>
    /// <returns>True for the same path too.</returns>
    public static bool IsIn(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

using System.Text.RegularExpressions;

namespace Kpod.Files;

/// <summary>Paths as users write them: checked and brought into one form here, so that every verb and recipe means the same by them.</summary>
public static partial class UserPath
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

    /// <summary>Puts folder and variables in their places. A path that names a file as it stands is left alone.</summary>
    /// <param name="path">The path.</param>
    /// <param name="unset">The name of a variable that is not set; null where all are.</param>
    /// <returns>The path; null where a variable is not set.</returns>
    public static string? Expand(string path, out string? unset) => Expand(path, Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), out unset);

    /// <summary>Puts folder and variables in their places.</summary>
    /// <param name="path">The path.</param>
    /// <param name="variable">Gives the value of a variable; null where it is not set.</param>
    /// <param name="home">The home folder.</param>
    /// <param name="unset">The name of a variable that is not set; null where all are.</param>
    /// <returns>The path; null where a variable is not set.</returns>
    public static string? Expand(string path, Func<string, string?> variable, string home, out string? unset)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(variable);
        unset = null;
        if (!path.Contains('$', StringComparison.Ordinal) || Path.Exists(path))
        {
            return AtHome(path, home);
        }

        unset = Variable().Matches(path).Select(NameOf).FirstOrDefault(name => string.IsNullOrEmpty(variable(name)));
        return unset is null ? AtHome(Variable().Replace(path, match => variable(NameOf(match))!), home) : null;
    }

    private static string AtHome(string path, string home) => path == "~" ? home
        : path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal) ? Path.Combine(home, path[2..])
        : path;

    private static string NameOf(Match match) => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;

    [GeneratedRegex(@"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}

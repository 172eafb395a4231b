using System.Text.RegularExpressions;

namespace Kpod.Files;

/// <summary>A path as a person writes it: <c>~</c> for the home folder, <c>$NAME</c> or <c>${NAME}</c> for an environment variable.</summary>
public static partial class UserPath
{
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

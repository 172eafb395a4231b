using System.CommandLine;
using Kpod.Files;

namespace Kpod.Cli.Commands;

/// <summary>Paths on the command line, in the one form that <see cref="UserPath"/> gives them.</summary>
internal static class UserPaths
{
    /// <summary>The option that lets a verb replace what is not its own.</summary>
    public static Option<bool> Force() => new("--force") { Description = "Replaces what stands at the place of the output, whatever it is." };

    /// <summary>The path that an option was given; null where it was not given.</summary>
    public static string? GetPath(this ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { } path ? UserPath.Written(path, option.Name) : null;

    /// <summary>The path of an argument that may be left out.</summary>
    public static string? GetPath(this ParseResult parsed, Argument<string?> argument) => parsed.GetValue(argument) is { } path ? UserPath.Written(path, $"the argument '{argument.Name}'") : null;

    /// <summary>The path of an option that is required or has a default.</summary>
    public static string GetRequiredPath(this ParseResult parsed, Option<string> option) => UserPath.Written(parsed.GetRequiredValue(option), option.Name);

    /// <summary>The path of an argument.</summary>
    public static string GetRequiredPath(this ParseResult parsed, Argument<string> argument) => UserPath.Written(parsed.GetRequiredValue(argument), $"the argument '{argument.Name}'");

    /// <summary>The paths of an option that may be given several.</summary>
    public static IReadOnlyList<string> GetPaths(this ParseResult parsed, Option<string[]> option) => [.. (parsed.GetValue(option) ?? []).Select(path => UserPath.Written(path, option.Name))];

    /// <summary>The paths of an argument that takes several.</summary>
    public static IReadOnlyList<string> GetPaths(this ParseResult parsed, Argument<string[]> argument) => [.. parsed.GetRequiredValue(argument).Select(path => UserPath.Written(path, $"the argument '{argument.Name}'"))];
}

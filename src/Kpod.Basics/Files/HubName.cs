using System.Text.RegularExpressions;

namespace Kpod.Files;

/// <summary>A model or data set by its name on the hub: <c>owner/name</c>, <c>owner/name@revision</c>, and behind either <c>/file</c>.</summary>
/// <param name="Repository">Owner and name.</param>
/// <param name="Revision">A branch, a tag or a commit; <c>main</c> where none is given.</param>
/// <param name="File">A file of the repository, with slashes for folders; null for all of it.</param>
public sealed partial record HubName(string Repository, string Revision, string? File)
{
    private const string UsualRevision = "main";

    /// <summary>Reads a name.</summary>
    /// <param name="text">The name.</param>
    /// <returns>Its parts; null where the text is no such name, a path for example.</returns>
    public static HubName? Parse(string text)
    {
        var match = Pattern().Match(text ?? string.Empty);
        if (!match.Success || match.Value.Contains("..", StringComparison.Ordinal) || match.Value.Contains("--", StringComparison.Ordinal))
        {
            return null;
        }

        var revision = match.Groups["revision"];
        var file = match.Groups["file"];
        return new HubName(match.Groups["repository"].Value, revision.Success ? revision.Value : UsualRevision, file.Success ? file.Value : null);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Repository}{(Revision == UsualRevision ? string.Empty : $"@{Revision}")}{(File is null ? string.Empty : $"/{File}")}";

    // A revision holds a slash only as one of a pull request: refs/pr/7.
    [GeneratedRegex(@"^(?<repository>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:@(?<revision>refs/pr/\d+|[\w.-]+))?(?:/(?<file>[^/\\]+(?:/[^/\\]+)*))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}

using Kpod.Files;

namespace Kpod.Runs;

/// <summary>
/// Where a program may write what a user asked for: never over what it reads, and over what stands there only where that is its own earlier output, or by force. Links are followed first, so that no name leads around
/// it.
/// </summary>
public static class OutputPlace
{
    /// <summary>Checks the place of a file.</summary>
    /// <param name="path">The file as the user names it.</param>
    /// <param name="what">What names it, such as <c>--out</c>, for messages.</param>
    /// <param name="inputs">Files and folders that the same command reads.</param>
    /// <param name="isOwn">Whether a file that stands there is an earlier output of the same kind.</param>
    /// <param name="force">Whether anything else that stands there may be replaced.</param>
    /// <returns>Where to write, links resolved.</returns>
    /// <exception cref="KpodException">It may not be written there.</exception>
    public static string ForFile(string path, string what, IEnumerable<string> inputs, Func<string, bool> isOwn, bool force)
    {
        var place = UserPath.Resolve(UserPath.Full(path, what));
        RefuseInputs(path, place, what, inputs);
        if (Directory.Exists(place))
        {
            throw new KpodException($"{path}: {what} names a folder, but a file is to be written; name the file.");
        }

        if (!File.Exists(place) || new FileInfo(place).Length == 0 && FileKind.IsRegular(place))
        {
            return place;
        }

        if (!FileKind.IsRegular(place))
        {
            throw new KpodException($"{path}: is no ordinary file, so it is not replaced; name another one.");
        }

        return force || (RunAround(place) is null && isOwn(place)) ? place
            : throw new KpodException($"{path}: exists already and is {(RunAround(place) is { } run ? $"a file of the run in {run}" : "no earlier output of this command")}; name another file, or give --force to replace it.");
    }

    /// <summary>Refuses to write to what is read: to the same place, or to a folder around it.</summary>
    /// <param name="path">The output as the user names it.</param>
    /// <param name="place">The output, links resolved.</param>
    /// <param name="what">What names it, for the message.</param>
    /// <param name="inputs">Files and folders that the same command reads.</param>
    /// <exception cref="KpodException">It is one of them, or around one.</exception>
    public static void RefuseInputs(string path, string place, string what, IEnumerable<string> inputs)
    {
        foreach (var input in inputs.Select(UserPath.Resolve))
        {
            if (UserPath.IsIn(input, place))
            {
                throw new KpodException(input == place
                    ? $"{path}: {what} names what this command reads; name another place."
                    : $"{path}: {what} names a folder that holds what this command reads ({input}); name another place.");
            }
        }
    }

    private static string? RunAround(string place)
    {
        for (var folder = Path.GetDirectoryName(place); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, RunFiles.Manifest)) && File.Exists(Path.Combine(folder, RunFiles.Recipe)))
            {
                return folder;
            }
        }

        return null;
    }
}

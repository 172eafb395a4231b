using Kpod.Files;
using Kpod.RationaleGeneration.Rationales;

namespace Kpod.RationaleGeneration;

/// <summary>A file of rationales, a line each, as a run and <c>kpod rationales</c> write it.</summary>
public static class RationaleFile
{
    private const int LongestLine = 1 << 22;

    /// <summary>Whether a file is one, by its first line.</summary>
    /// <param name="path">A file that is there.</param>
    /// <returns>True where the line is a rationale and nothing else.</returns>
    public static bool IsOne(string path)
    {
        try
        {
            return JsonArtefact.ReadTextLines(path, LongestLine).FirstOrDefault(line => line.Length > 0) is { } first && JsonArtefact.FromLine<Rationale>(first, path).Sample >= 0;
        }
        catch (KpodException)
        {
            return false;
        }
    }
}

using Kpod.Datasets.Sources;
using Kpod.Recipes;
using Kpod.Runs;

namespace Kpod.Datasets;

/// <summary>Hashes what the files of a split hold, whatever they are called.</summary>
internal static class DataHash
{
    /// <summary>SHA-256 of the content: of a single file its own, of several that of their hashes in order.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="split">The split's name.</param>
    /// <returns>Lower-case hexadecimal.</returns>
    public static string Of(DataPaths paths, string split)
    {
        var hashes = DataFileList.Of(paths, split).Select(InputsHash.OfFile).ToList();
        return hashes.Count == 1 ? hashes[0] : InputsHash.Of(("files", hashes));
    }
}

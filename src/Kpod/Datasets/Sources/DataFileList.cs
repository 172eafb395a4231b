using Kpod.Recipes;
namespace Kpod.Datasets.Sources;

/// <summary>Finds the files that a split is made of.</summary>
internal static class DataFileList
{
    private const string Packed = ".gz";

    private static readonly string[] Extensions = [".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".xml"];
    private static readonly string[][] SplitWords = [["train", "training"], ["validation", "valid", "val", "dev"], ["test", "testing", "eval"]];

    /// <summary>Lists the files of a split in order; those of a folder by name.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="split">The split's name: of a folder whose files name several splits, its own alone count.</param>
    /// <returns>The files.</returns>
    /// <exception cref="KpodException">A folder holds no data file.</exception>
    public static IReadOnlyList<string> Of(DataPaths paths, string split) => [.. paths.Paths.SelectMany(path => Directory.Exists(path) ? InFolder(path, split) : [path])];

    /// <summary>The extension that tells what is in a file, without that of the packing.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Such as <c>.csv</c>, in lower case.</returns>
    public static string Extension(string path) =>
        Path.GetExtension(path.EndsWith(Packed, StringComparison.OrdinalIgnoreCase) ? path[..^Packed.Length] : path).ToLowerInvariant();

    private static List<string> InFolder(string folder, string split)
    {
        var files = Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file)[0] is not ('.' or '_') && Extensions.Contains(Extension(file))).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw new KpodException($"{folder}: cannot be read as a split, for the folder holds no data file ({string.Join(", ", Extensions)}, each also with {Packed}). Name the file.");
        }

        var named = files.GroupBy(SplitOf).ToList();
        return named.Count > 1 && named.Any(group => group.Key >= 0)
            ? named.FirstOrDefault(group => group.Key >= 0 && SplitWords[group.Key].Contains(split))?.ToList()
                ?? throw new KpodException($"{folder}: holds files of several splits ({string.Join(", ", files.Select(Path.GetFileName).Take(6))}), but none that is named after {split}. Name the files (a list, in order).")
            : files;
    }

    // The split that a file is named after; -1 for none.
    private static int SplitOf(string file)
    {
        var words = Path.GetFileName(file).ToLowerInvariant().Split('-', '_', '.', ' ');
        return Array.FindIndex(SplitWords, split => split.Any(words.Contains));
    }
}

using System.Text.RegularExpressions;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>Files of a model that was split: <c>NAME-00001-of-00003.gguf</c> and so on; only the first holds all key-values.</summary>
internal static partial class GgufSplit
{
    private const string NumberKey = "split.no";
    private const string CountKey = "split.count";
    private const string TensorsKey = "split.tensors.count";

    /// <summary>Whether a file is, by its name, the first part of a split model.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True if others are to be expected beside it.</returns>
    public static bool IsFirstPart(string path) => PartName().Match(Path.GetFileName(path)) is { Success: true } name && name.Groups["number"].Value == "00001";

    /// <summary>The parts that belong to a first one.</summary>
    /// <param name="path">The file that was asked for.</param>
    /// <param name="metadata">Its key-values.</param>
    /// <returns>The other parts in order; none where the file is whole.</returns>
    /// <exception cref="KpodException">The file is another part than the first, or its name does not fit its place.</exception>
    public static IEnumerable<Part> OtherParts(string path, GgufMetadata metadata)
    {
        var count = metadata.Integer(CountKey, least: 0, most: ushort.MaxValue) ?? 1;
        if (count <= 1)
        {
            return [];
        }

        var name = PartName().Match(Path.GetFileName(path));
        var number = metadata.Integer(NumberKey) ?? throw metadata.Missing(NumberKey);
        if (number != 0)
        {
            throw new KpodException($"{path}: is part {number + 1} of {count} of a split model; give the first part, whose name ends in -00001-of-{count:D5}.gguf.");
        }

        if (!name.Success || name.Groups["number"].Value != "00001" || name.Groups["count"].Value != $"{count:D5}")
        {
            throw new KpodException($"{path}: is the first of {count} parts, so its name must end in -00001-of-{count:D5}.gguf for the others to be found; rename it.");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Enumerable.Range(1, count - 1).Select(part => new Part(part, Path.Combine(folder, $"{name.Groups["stem"].Value}-{part + 1:D5}-of-{count:D5}.gguf")));
    }

    /// <summary>Checks that a part is the one that its name says.</summary>
    /// <param name="part">The part.</param>
    /// <param name="first">Key-values of the first part.</param>
    /// <param name="own">Key-values of the part.</param>
    /// <exception cref="KpodException">It is another part, or of another split.</exception>
    public static void CheckPart(Part part, GgufMetadata first, GgufMetadata own)
    {
        if (own.Integer(NumberKey) != part.Number || own.Integer(CountKey) != first.Integer(CountKey))
        {
            throw new KpodException($"{part.Path}: says of itself that it is part {own.Integer(NumberKey) + 1} of {own.Integer(CountKey)}, which its name denies. The parts are mixed up.");
        }
    }

    /// <summary>Checks that the parts hold all tensors together.</summary>
    /// <param name="path">The first part.</param>
    /// <param name="first">Its key-values.</param>
    /// <param name="count">Tensors in all parts.</param>
    /// <exception cref="KpodException">There are more or fewer.</exception>
    public static void CheckTensorCount(string path, GgufMetadata first, int count)
    {
        if (first.Integer(TensorsKey) is { } expected && expected != count)
        {
            throw new KpodException($"{path}: {TensorsKey} is {expected}, but the parts hold {count} tensors. The parts are mixed up.");
        }
    }

    /// <summary>A part of a split model.</summary>
    /// <param name="Number">Its number, from 0.</param>
    /// <param name="Path">Its file.</param>
    internal sealed record Part(int Number, string Path);

    [GeneratedRegex(@"^(?<stem>.*)-(?<number>\d{5})-of-(?<count>\d{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}

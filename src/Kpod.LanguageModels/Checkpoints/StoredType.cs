using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.Safetensors;

namespace Kpod.LanguageModels.Checkpoints;

/// <summary>In which type a checkpoint stores its weights.</summary>
internal static class StoredType
{
    /// <summary>The type that takes most of the elements.</summary>
    /// <param name="path">A Hugging Face folder or a .gguf file.</param>
    /// <returns>Its name in the format, such as <c>BF16</c> or <c>Q4_K</c>.</returns>
    /// <exception cref="KpodException">The checkpoint cannot be read.</exception>
    public static string MainOf(string path)
    {
        if (Directory.Exists(path))
        {
            using var set = SafetensorsSet.Open(path);
            return Main(set.Names.Select(set.EntryOf).Select(entry => (entry.TypeName, Elements(entry.Shape))));
        }

        using var file = new GgufFile(path);
        return Main(file.Tensors.Values.Select(tensor => (tensor.Type.Name, Elements(tensor.Shape))));
    }

    private static string Main(IEnumerable<(string Type, double Elements)> tensors) =>
        tensors.GroupBy(tensor => tensor.Type).OrderByDescending(group => group.Sum(tensor => tensor.Elements)).Select(group => group.Key).FirstOrDefault() ?? "none";

    private static double Elements(IReadOnlyList<long> shape) => shape.Aggregate(1.0, (product, dimension) => product * dimension);
}

namespace Kpod.LanguageModels.Inspection;

/// <summary>What a file or folder holds.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Kind">What it is, in a few words.</param>
/// <param name="Configuration">What it says of itself: the keys of config.json or adapter_config.json, or a file's own key-values; long lists in a word.</param>
/// <param name="Tensors">Its tensors in the order of the file.</param>
/// <param name="Tokenizer">Its tokenizer; null where it has none.</param>
/// <param name="Fault">Why it could not be loaded here; null where it can, or where there is nothing to load.</param>
public sealed record InspectedCheckpoint(
    string Path, string Kind, IReadOnlyDictionary<string, object> Configuration, IReadOnlyList<InspectedTensor> Tensors, InspectedTokenizer? Tokenizer, string? Fault)
{
    private const int BytesOfFloat32 = 4;
    private const int BytesOfBfloat16 = 2;

    /// <summary>Number of elements of all tensors.</summary>
    public long Elements => Tensors.Sum(tensor => tensor.Elements);

    /// <summary>Bytes of all tensors in the file.</summary>
    public long Bytes => Tensors.Sum(tensor => tensor.Bytes);

    /// <summary>Bytes of all tensors in memory as float32.</summary>
    public long BytesAsFloat32 => Elements * BytesOfFloat32;

    /// <summary>Bytes of all tensors in memory as bfloat16.</summary>
    public long BytesAsBfloat16 => Elements * BytesOfBfloat16;

    /// <summary>The types, that with the most bytes first.</summary>
    public IReadOnlyList<InspectedType> Types =>
    [
        .. Tensors.GroupBy(tensor => tensor.Type)
            .Select(group => new InspectedType(group.Key, group.Count(), group.Sum(tensor => tensor.Elements), group.Sum(tensor => tensor.Bytes)))
            .OrderByDescending(type => type.Bytes),
    ];
}

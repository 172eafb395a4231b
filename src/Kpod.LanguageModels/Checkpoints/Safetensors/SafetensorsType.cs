using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Safetensors;

/// <summary>An element type of the safetensors format.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Bits">Bits of an element.</param>
/// <param name="Torch">The type of the tensor that holds it: the same, or for unsigned integers the next wider; null where torch for .NET has none.</param>
internal sealed record SafetensorsType(string Name, int Bits, torch.ScalarType? Torch)
{
    /// <summary>Every type of the format, in the order in which the reference writer ranks them (later ones are written first, so that all stay aligned).</summary>
    public static readonly IReadOnlyList<SafetensorsType> All =
    [
        new("BOOL", 8, torch.ScalarType.Bool),
        new("F4", 4, null),
        new("F6_E2M3", 6, null),
        new("F6_E3M2", 6, null),
        new("U8", 8, torch.ScalarType.Byte),
        new("I8", 8, torch.ScalarType.Int8),
        new("F8_E5M2", 8, null),
        new("F8_E4M3", 8, null),
        new("F8_E8M0", 8, null),
        new("F8_E4M3FNUZ", 8, null),
        new("F8_E5M2FNUZ", 8, null),
        new("I16", 16, torch.ScalarType.Int16),
        new("U16", 16, torch.ScalarType.Int32),
        new("F16", 16, torch.ScalarType.Float16),
        new("BF16", 16, torch.ScalarType.BFloat16),
        new("I32", 32, torch.ScalarType.Int32),
        new("U32", 32, torch.ScalarType.Int64),
        new("F32", 32, torch.ScalarType.Float32),
        new("C64", 64, torch.ScalarType.ComplexFloat32),
        new("F64", 64, torch.ScalarType.Float64),
        new("I64", 64, torch.ScalarType.Int64),
        new("U64", 64, torch.ScalarType.Int64),
    ];

    private static readonly Dictionary<string, SafetensorsType> ByName = All.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of a name.</summary>
    /// <param name="name">As in the header.</param>
    /// <returns>Null where the format has no such type.</returns>
    public static SafetensorsType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The type in which a tensor is written.</summary>
    /// <param name="type">The tensor's type.</param>
    /// <returns>The type whose bytes are the tensor's.</returns>
    public static SafetensorsType Of(torch.ScalarType type) =>
        All.FirstOrDefault(candidate => candidate.Torch == type && !candidate.Name.StartsWith('U'))
        ?? (type == torch.ScalarType.Byte ? ByName["U8"] : throw new ArgumentException($"safetensors has no type for {type} tensors.", nameof(type)));

    /// <summary>Where the reference writer puts tensors of this type.</summary>
    public int Rank => All.Index().First(item => item.Item == this).Index;
}

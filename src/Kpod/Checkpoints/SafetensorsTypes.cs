using TorchSharp;

namespace Kpod.Checkpoints;

/// <summary>The number types of the safetensors format.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, int Bytes, torch.ScalarType? Type)[] All =
    [
        ("F64", 8, torch.ScalarType.Float64), ("F32", 4, torch.ScalarType.Float32), ("F16", 2, torch.ScalarType.Float16), ("BF16", 2, torch.ScalarType.BFloat16),
        ("I64", 8, torch.ScalarType.Int64), ("I32", 4, torch.ScalarType.Int32), ("I16", 2, torch.ScalarType.Int16), ("I8", 1, torch.ScalarType.Int8),
        ("U8", 1, torch.ScalarType.Byte), ("BOOL", 1, torch.ScalarType.Bool),
        ("U16", 2, null), ("U32", 4, null), ("U64", 8, null), ("F8_E4M3", 1, null), ("F8_E5M2", 1, null),
    ];

    public static int? Bytes(string name) => All.FirstOrDefault(type => type.Name == name) is { Name: not null } found ? found.Bytes : null;

    public static torch.ScalarType? ScalarType(string name) => All.FirstOrDefault(type => type.Name == name).Type;

    public static string Name(torch.ScalarType type) => All.First(entry => entry.Type == type).Name;
}

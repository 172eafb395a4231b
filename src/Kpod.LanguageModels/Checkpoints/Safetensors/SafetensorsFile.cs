using System.Buffers.Binary;
using Kpod.LanguageModels.Checkpoints.Storage;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Safetensors;

/// <summary>A safetensors file, checked as a whole when it is opened and read tensor by tensor straight into their memory.</summary>
public sealed class SafetensorsFile : IDisposable
{
    // The reference reader's limit.
    private const long MaximumHeaderBytes = 100_000_000;

    private readonly BinaryFile _file;
    private readonly SafetensorsHeader _header;
    private readonly long _dataStart;

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KpodException">It is missing or is no sound safetensors file; the message says where the fault lies.</exception>
    public SafetensorsFile(string path)
    {
        _file = new BinaryFile(path);
        try
        {
            var front = _file.Front(ForeignFormat.BytesNeeded);
            var headerLength = front.Length < 8 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(front);
            if (headerLength is 0 or > MaximumHeaderBytes || (long)headerLength > _file.Length - 8)
            {
                var guess = ForeignFormat.Describe(front);
                throw new KpodException($"{path}: is not a safetensors file: {(guess is null ? $"the header should be {headerLength} bytes long, the file is {_file.Length}" : "it is " + guess)}.");
            }

            _dataStart = 8 + (long)headerLength;
            _header = SafetensorsHeader.Parse(path, _file.Read(8, (int)headerLength), _file.Length - _dataStart);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Its tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors => _header.Tensors;

    /// <summary>The free texts that it carries.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">One of <see cref="Tensors"/>.</param>
    /// <returns>The tensor in main memory, in its stored type (unsigned integers above 8 bits in the next wider type); it belongs to the current dispose scope, if any.</returns>
    /// <exception cref="KpodException">There is no such tensor, torch has no such type, or the data holds what the type cannot.</exception>
    public torch.Tensor Read(string name)
    {
        if (!Tensors.TryGetValue(name, out var entry))
        {
            throw new KpodException($"{Path}: has no tensor '{name}'.");
        }

        var stored = entry.TypeName switch
        {
            "U16" => torch.ScalarType.Int16,
            "U32" => torch.ScalarType.Int32,
            _ => SafetensorsType.Find(entry.TypeName)!.Torch
                ?? throw new KpodException($"{Path}: the tensor '{name}' has the type {entry.TypeName}, which cannot be read here; convert the checkpoint to BF16 or F32."),
        };
        using var scope = torch.NewDisposeScope();
        var tensor = torch.empty([.. entry.Shape], stored);
        _file.Read(_dataStart + entry.Begin, tensor);
        return Interpret(entry, tensor).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private torch.Tensor Interpret(SafetensorsEntry entry, torch.Tensor tensor)
    {
        switch (entry.TypeName)
        {
            case "U16":
                return tensor.to(torch.ScalarType.Int32).bitwise_and(0xFFFF);
            case "U32":
                return tensor.to(torch.ScalarType.Int64).bitwise_and(0xFFFF_FFFFL);
            case "U64" when tensor.lt(0).any().item<bool>():
                throw new KpodException($"{Path}: the tensor '{entry.Name}' holds numbers of 2^63 and more, for which torch has no type.");
            case "BOOL" when tensor.numel() > 0 && HoldsOtherThanBits(tensor):
                throw new KpodException($"{Path}: the tensor '{entry.Name}' is BOOL but holds bytes other than 0 and 1.");
            default:
                return tensor;
        }
    }

    private static bool HoldsOtherThanBits(torch.Tensor tensor) => tensor.bytes.ContainsAnyExceptInRange((byte)0, (byte)1);
}

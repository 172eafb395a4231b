using System.Runtime.InteropServices;
using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Quantisation;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>A GGUF file, or all parts of a split one: key-values and tensors, checked against the file's length when it is opened.</summary>
internal sealed class GgufFile : IDisposable
{
    // Decoded at a time: small enough for the cache, a whole number of blocks of any type.
    private const long PieceElements = 1 << 16;

    private readonly List<BinaryFile> _files = [];
    private readonly Dictionary<string, GgufTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Opens a file; of a split one the first part, which brings the others with it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KpodException">It is missing, unsound, big-endian or of a version other than 2 and 3.</exception>
    public GgufFile(string path)
    {
        Path = path;
        try
        {
            Container = Add(path);
            foreach (var part in GgufSplit.OtherParts(path, Container.Metadata))
            {
                GgufSplit.CheckPart(part, Container.Metadata, Add(part.Path).Metadata);
            }

            GgufSplit.CheckTensorCount(path, Container.Metadata, _tensors.Count);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file; the first part of a split one.</summary>
    public string Path { get; }

    /// <summary>Header and key-values of the file; of the first part of a split one.</summary>
    public GgufContainer Container { get; }

    /// <summary>The key-values.</summary>
    public GgufMetadata Metadata => Container.Metadata;

    /// <summary>The tensors by name, of all parts.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors => _tensors;

    /// <summary>Reads one tensor.</summary>
    /// <param name="name">One of <see cref="Tensors"/>.</param>
    /// <param name="decodedTo">float32 or bfloat16: the type of what is quantised. Piece by piece, so that it never exists in float32 as a whole on its way to bfloat16.</param>
    /// <returns>The tensor in main memory; <paramref name="decodedTo"/> where it was quantised; it belongs to the current dispose scope, if any.</returns>
    /// <exception cref="KpodException">Its type cannot be read.</exception>
    public torch.Tensor Read(string name, torch.ScalarType decodedTo = torch.ScalarType.Float32)
    {
        var tensor = _tensors[name];
        if (tensor.Type.Torch is not { } type)
        {
            var readable = GgufType.All.Values.Where(candidate => candidate.Torch is not null).Select(candidate => candidate.Name);
            throw new KpodException($"{tensor.File.Path}: the tensor '{name}' is stored as {tensor.Type.Name}, which cannot be read here; readable are {string.Join(", ", readable)}. Choose another quantisation of this model.");
        }

        using var scope = torch.NewDisposeScope();
        var result = torch.empty([.. tensor.Shape], tensor.Type.Decode is null ? type : decodedTo);
        if (tensor.Type.Decode is null)
        {
            tensor.File.Read(tensor.Offset, result);
        }
        else
        {
            Decode(tensor, result.view(-1));
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Reads the blocks of a quantised matrix as they are.</summary>
    /// <param name="name">One of <see cref="Tensors"/>, of two dimensions and a type that can be decoded.</param>
    /// <returns>(rows, bytes of a row), 8-bit, in main memory; it belongs to the current dispose scope, if any.</returns>
    public torch.Tensor ReadBlocks(string name)
    {
        var tensor = _tensors[name];
        var blocks = torch.empty(tensor.Shape[0], tensor.Type.Bytes(tensor.Shape[1]), dtype: torch.ScalarType.Byte);
        tensor.File.Read(tensor.Offset, blocks);
        return blocks;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private static void Decode(GgufTensor tensor, torch.Tensor values)
    {
        var (offset, total) = (tensor.Offset, values.shape[0]);
        var buffer = new byte[PieceElements / tensor.Type.BlockElements * tensor.Type.BlockBytes];
        var decoded = values.dtype == torch.ScalarType.BFloat16 ? new float[PieceElements] : [];
        for (long first = 0; first < total; first += PieceElements)
        {
            using var scope = torch.NewDisposeScope();
            var piece = values.narrow(0, first, Math.Min(PieceElements, total - first));
            var blocks = buffer.AsSpan(0, (int)(piece.shape[0] / tensor.Type.BlockElements) * tensor.Type.BlockBytes);
            tensor.File.Read(offset, blocks);
            if (values.dtype == torch.ScalarType.BFloat16)
            {
                var numbers = decoded.AsSpan(0, (int)piece.shape[0]);
                tensor.Type.Decode!(blocks, numbers);
                BfloatRounding.Round(numbers, MemoryMarshal.Cast<byte, ushort>(piece.bytes));
            }
            else
            {
                tensor.Type.Decode!(blocks, MemoryMarshal.Cast<byte, float>(piece.bytes));
            }

            offset += blocks.Length;
        }
    }

    private GgufContainer Add(string path)
    {
        var file = new BinaryFile(path);
        _files.Add(file);
        var container = GgufContainer.Read(file);
        foreach (var tensor in container.Tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor))
            {
                throw new KpodException($"{path}: the tensor '{tensor.Name}' stands twice.");
            }
        }

        return container;
    }
}

using Kpod.LanguageModels.Checkpoints.Storage;
using Kpod.LanguageModels.Quantisation;

namespace Kpod.LanguageModels.Checkpoints.Gguf;

/// <summary>What stands in one GGUF file before the data: version, key-values, table of tensors.</summary>
/// <param name="Version">2 or 3.</param>
/// <param name="Alignment">Every tensor begins at a multiple of this many bytes.</param>
/// <param name="DataStart">First byte of the data.</param>
/// <param name="Metadata">The key-values.</param>
/// <param name="Tensors">The tensors in the order of the table.</param>
internal sealed record GgufContainer(uint Version, uint Alignment, long DataStart, GgufMetadata Metadata, IReadOnlyList<GgufTensor> Tensors)
{
    private const string AlignmentKey = "general.alignment";
    private const uint DefaultAlignment = 32;
    private const uint MaximumDimensions = 4;

    // An empty name with its length, no dimensions, type and offset.
    private const int FewestBytesPerTensor = 8 + 4 + 4 + 8;

    /// <summary>Reads and checks the front of a file.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Its content but for the data.</returns>
    /// <exception cref="KpodException">The file breaks the format; the message names byte, key or tensor.</exception>
    public static GgufContainer Read(BinaryFile file)
    {
        var front = file.Front(ForeignFormat.BytesNeeded);
        if (!front.AsSpan().StartsWith("GGUF"u8))
        {
            var guess = ForeignFormat.Describe(front);
            throw new KpodException($"{file.Path}: is not a GGUF file: {(guess is null ? "it does not begin with the letters GGUF" : "it is " + guess)}.");
        }

        var cursor = new GgufCursor(file);
        cursor.Bytes(4);
        var version = ReadVersion(file, cursor);
        var tensorCount = cursor.UInt64();
        var valueCount = cursor.UInt64();
        var metadata = GgufMetadataReader.Read(file.Path, cursor, valueCount);
        var alignment = ReadAlignment(metadata);
        if (tensorCount > (ulong)(cursor.Remaining / FewestBytesPerTensor))
        {
            throw cursor.Fault($"the header announces {tensorCount} tensors, more than the file can hold");
        }

        var entries = Enumerable.Range(0, (int)tensorCount).Select(index => Entry.Read(cursor, index)).ToList();
        var dataStart = (cursor.Position + alignment - 1) / alignment * alignment;
        var tensors = entries.ConvertAll(entry => entry.Place(file, dataStart, alignment));
        CheckOverlap(file, tensors);
        return new GgufContainer(version, alignment, dataStart, metadata, tensors);
    }

    private static uint ReadVersion(BinaryFile file, GgufCursor cursor) => cursor.UInt32() switch
    {
        2 => 2,
        3 => 3,
        var version when (version & 0xFFFF) == 0 && version != 0 =>
            throw new KpodException($"{file.Path}: is a big-endian GGUF file, which is not read; convert it to little-endian (gguf-convert-endian of the gguf package)."),
        var version => throw new KpodException($"{file.Path}: is a GGUF file of version {version}; versions 2 and 3 are read. Convert the model anew."),
    };

    private static uint ReadAlignment(GgufMetadata metadata)
    {
        if (!metadata.Has(AlignmentKey))
        {
            return DefaultAlignment;
        }

        return metadata.Values[AlignmentKey] is uint alignment && uint.IsPow2(alignment)
            ? alignment
            : throw metadata.Fault(AlignmentKey, $"is {metadata.Values[AlignmentKey]} ({metadata.Values[AlignmentKey].GetType().Name}); it must be a power of two of type u32");
    }

    private static void CheckOverlap(BinaryFile file, List<GgufTensor> tensors)
    {
        GgufTensor? before = null;
        foreach (var tensor in tensors.Where(tensor => tensor.Bytes > 0).OrderBy(tensor => tensor.Offset))
        {
            if (before is not null && tensor.Offset < before.Offset + before.Bytes)
            {
                throw new KpodException($"{file.Path}: the tensors '{before.Name}' and '{tensor.Name}' share bytes. The file is damaged.");
            }

            before = tensor;
        }
    }

    /// <summary>A line of the table, not yet held against the data.</summary>
    private sealed record Entry(string Name, GgufType Type, IReadOnlyList<long> Shape, ulong Offset)
    {
        public static Entry Read(GgufCursor cursor, int index)
        {
            cursor.Place = $"the name of tensor {index}";
            var name = cursor.Text();
            cursor.Place = $"the tensor '{name}'";
            var dimensions = cursor.UInt32();
            if (dimensions is 0 or > MaximumDimensions)
            {
                throw cursor.Fault($"the tensor '{name}' has {dimensions} dimensions; it must have 1 to {MaximumDimensions}");
            }

            var shape = new long[dimensions];
            for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
            {
                var size = cursor.UInt64();
                shape[dimension] = size <= long.MaxValue ? (long)size : throw cursor.Fault($"the tensor '{name}' has a dimension of {size}");
            }

            var id = cursor.UInt32();
            var type = GgufType.All.GetValueOrDefault(id) ?? throw cursor.Fault($"the tensor '{name}' is of type {id}, which GGUF does not have or has no longer");
            if (shape[^1] % type.BlockElements != 0)
            {
                throw cursor.Fault($"the tensor '{name}' has rows of {shape[^1]} elements, but {type.Name} stores {type.BlockElements} at a time");
            }

            return new Entry(name, type, shape, cursor.UInt64());
        }

        public GgufTensor Place(BinaryFile file, long dataStart, uint alignment)
        {
            // Blocks are smaller than twice their elements at eight bytes each, so this bound keeps the next product in range.
            if (TensorSize.Bits(Shape, 64) is null)
            {
                throw Fault(file, $"of shape {TensorSize.Text(Shape)} is larger than any file");
            }

            var bytes = Shape.Aggregate(1L, (product, dimension) => product * dimension) / Type.BlockElements * Type.BlockBytes;
            if (Offset % alignment != 0)
            {
                throw Fault(file, $"begins at byte {Offset} of the data, no multiple of {alignment}");
            }

            var available = Math.Max(0, file.Length - dataStart);
            return (UInt128)Offset + (UInt128)bytes <= (UInt128)available
                ? new GgufTensor(Name, Type, Shape, file, dataStart + (long)Offset, bytes)
                : throw Fault(file, $"takes bytes {Offset} to {(UInt128)Offset + (UInt128)bytes} of the data, which has {available}; the file is cut short or damaged");
        }

        private KpodException Fault(BinaryFile file, string what) => new($"{file.Path}: the tensor '{Name}' {what}.");
    }
}

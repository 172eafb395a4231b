using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Kpod.LanguageModels.Quantisation;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.References;

/// <summary>Holds the decoding of GGUF's tensor types against recorded blocks and values, bit for bit.</summary>
internal static class BlockReference
{
    private const string TypesFile = "types.json";
    private const string Extension = ".safetensors";

    /// <summary>Checks the files of a folder: <c>TYPE.safetensors</c> each with <c>raw</c> and <c>values</c>, and <c>types.json</c>.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="folder">The folder.</param>
    public static void Check(ReportBuilder report, string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
        {
            throw new KpodException($"{folder}: holds no TYPE{Extension}, such as Q4_0{Extension}.");
        }

        if (File.Exists(Path.Combine(folder, TypesFile)))
        {
            CheckTable(report, RecordedValue.Read(Path.Combine(folder, TypesFile)).Items());
        }

        foreach (var file in files)
        {
            CheckType(report, file);
        }
    }

    private static void CheckTable(ReportBuilder report, IReadOnlyList<RecordedValue> rows)
    {
        string[] recorded = [.. rows.Select(row => FormattableString.Invariant($"{row["id"].Integer()}: {row["type"].Text()}, {row["block_size"].Integer()} in {row["block_bytes"].Integer()} bytes"))];
        string[] own = [.. rows.Select(row => GgufType.All.GetValueOrDefault((uint)row["id"].Integer()) is { } type
            ? FormattableString.Invariant($"{type.Id}: {type.Name}, {type.BlockElements} in {type.BlockBytes} bytes") : "none")];
        report.CompareExactly(TypesFile, "types", recorded, own, index => rows[index].Place);
    }

    private static void CheckType(ReportBuilder report, string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        using var numbers = new ReferenceNumbers(path, Path.GetFileName(path));
        var type = GgufType.All.Values.FirstOrDefault(candidate => candidate.Name == name) ?? throw new KpodException($"{path}: GGUF has no tensor type '{name}'.");
        if (type.Torch is not { } torchType || !(type.Decode is not null || torchType is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 or torch.ScalarType.Float32))
        {
            report.NotChecked(numbers.Name, "values", $"{name} is not read here; a file that uses it is refused by the name of its tensor and type");
            return;
        }

        using var scope = torch.NewDisposeScope();
        var raw = numbers.Integers("raw");
        var values = numbers.Numbers("values").to(torch.ScalarType.Float32).contiguous();
        if (raw.numel() / type.BlockBytes * type.BlockElements != values.numel() || raw.numel() % type.BlockBytes != 0)
        {
            throw numbers.Wrong("raw", $"has {raw.numel()} bytes, which are not the blocks of {values.numel()} values");
        }

        CompareBits(report, numbers.Name, "values", MemoryMarshal.Cast<byte, float>(values.bytes), Decode(type, torchType, raw.to(torch.ScalarType.Byte), values));
        CheckQuantiser(report, numbers, type);
        numbers.ReportUnread(report);
    }

    private static ReadOnlySpan<float> Decode(GgufType type, torch.ScalarType torchType, torch.Tensor raw, torch.Tensor like)
    {
        if (type.Decode is { } decode)
        {
            var decoded = new float[like.numel()];
            decode(raw.contiguous().bytes, decoded);
            return decoded;
        }

        using var scope = torch.NewDisposeScope();
        var stored = torch.empty(like.shape, torchType);
        raw.contiguous().bytes.CopyTo(stored.bytes);
        return MemoryMarshal.Cast<byte, float>(stored.to(torch.ScalarType.Float32).bytes).ToArray();
    }

    private static void CheckQuantiser(ReportBuilder report, ReferenceNumbers numbers, GgufType type)
    {
        if (!numbers.Has("quantize_out"))
        {
            return;
        }

        if (type.Decode is not null && type.Encode is null)
        {
            report.NotChecked(numbers.Name, "quantize_out", $"{type.Name} is read, not written, here");
            numbers.Pass(["quantize_in", "quantize_out"]);
            return;
        }

        using var scope = torch.NewDisposeScope();
        var input = numbers.Numbers("quantize_in").to(torch.ScalarType.Float32).contiguous();
        var recorded = numbers.Integers("quantize_out").to(torch.ScalarType.Byte).contiguous().bytes;
        if (input.numel() % type.BlockElements != 0 || type.Bytes(input.numel()) != recorded.Length)
        {
            throw numbers.Wrong("quantize_out", $"has {recorded.Length} bytes, which are not the blocks of {input.numel()} values");
        }

        CompareBytes(report, numbers.Name, type, recorded, Encode(type, input));
    }

    private static byte[] Encode(GgufType type, torch.Tensor input)
    {
        if (type.Encode is not { } encode)
        {
            using var scope = torch.NewDisposeScope();
            return input.to(type.Torch!.Value).contiguous().bytes.ToArray();
        }

        var blocks = new byte[type.Bytes(input.numel())];
        encode(MemoryMarshal.Cast<byte, float>(input.bytes), blocks);
        return blocks;
    }

    // The format has many spellings of "not a number", and processors write different ones.
    private static void CompareBytes(ReportBuilder report, string file, GgufType type, ReadOnlySpan<byte> recorded, byte[] own)
    {
        var (wrong, first) = (0, -1);
        for (var block = 0; block < own.Length; block += type.BlockBytes)
        {
            var left = recorded.Slice(block, type.BlockBytes);
            ReadOnlySpan<byte> right = own.AsSpan(block, type.BlockBytes);
            if (!left.SequenceEqual(right) && !(IsNaN(type, left) && IsNaN(type, right)))
            {
                wrong++;
                first = first < 0 ? block : first;
            }
        }

        report.Differing(file, "quantize_out", wrong, own.Length / type.BlockBytes, first < 0 ? string.Empty
            : $"block at byte {first}: recorded {Convert.ToHexString(recorded.Slice(first, type.BlockBytes))}, computed {Convert.ToHexString(own, first, type.BlockBytes)}");
    }

    private static bool IsNaN(GgufType type, ReadOnlySpan<byte> element) => type.Torch switch
    {
        torch.ScalarType.BFloat16 => float.IsNaN(BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(element) << 16)),
        torch.ScalarType.Float16 => Half.IsNaN(BinaryPrimitives.ReadHalfLittleEndian(element)),
        _ => false,
    };

    private static void CompareBits(ReportBuilder report, string file, string name, ReadOnlySpan<float> recorded, ReadOnlySpan<float> own)
    {
        var (wrong, first) = (0, -1);
        for (var index = 0; index < recorded.Length; index++)
        {
            if (BitConverter.SingleToUInt32Bits(recorded[index]) != BitConverter.SingleToUInt32Bits(own[index]))
            {
                wrong++;
                first = first < 0 ? index : first;
            }
        }

        report.Differing(file, name, wrong, recorded.Length, first < 0 ? string.Empty : FormattableString.Invariant($"value {first}: recorded {recorded[first]:R}, computed {own[first]:R}"));
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kpod.LanguageModels.Checkpoints.Gguf;
using Kpod.LanguageModels.Checkpoints.HuggingFace;
using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.LanguageModels.Checkpoints.Storage;

namespace Kpod.LanguageModels.Checkpoints;

/// <summary>Tells two checkpoints apart by their content, wherever they lie.</summary>
internal static class CheckpointFingerprint
{
    // What loading may read from a folder; a README or a cache beside it changes nothing.
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        HuggingFaceFolder.ConfigurationFile, HuggingFaceFolder.GenerationConfigurationFile, "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "added_tokens.json", "tokenizer.model", "spiece.model", "vocab.json", "merges.txt",
    };

    /// <summary>SHA-256 over the names and contents of a checkpoint's files.</summary>
    /// <param name="path">A file (with the other parts of a split one), or a folder.</param>
    /// <returns>Lower-case hexadecimal.</returns>
    /// <exception cref="KpodException">Nothing is there, or a file cannot be read.</exception>
    public static string Of(string path)
    {
        try
        {
            return Directory.Exists(path) ? OfFiles(Directory.GetFiles(path).Where(Counts), withNames: true) : OfFiles(Parts(path), withNames: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: cannot be read ({exception.Message})", exception);
        }
    }

    private static bool Counts(string file)
    {
        var name = Path.GetFileName(file);
        return Names.Contains(name)
            || name == SafetensorsSet.SingleFile
            || name == ShardIndex.FileName
            || (name.StartsWith("model-", StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Parts(string path)
    {
        if (!GgufSplit.IsFirstPart(path))
        {
            return [path];
        }

        using var first = new BinaryFile(path);
        return [path, .. GgufSplit.OtherParts(path, GgufContainer.Read(first).Metadata).Select(part => part.Path)];
    }

    private static string OfFiles(IEnumerable<string> files, bool withNames)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = new byte[sizeof(long)];
        foreach (var file in files.OrderBy(Path.GetFileName, StringComparer.Ordinal))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            hash.AppendData(Encoding.UTF8.GetBytes(withNames ? Path.GetFileName(file) + "\n" : "\n"));
            BinaryPrimitives.WriteInt64LittleEndian(length, stream.Length);
            hash.AppendData(length);
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

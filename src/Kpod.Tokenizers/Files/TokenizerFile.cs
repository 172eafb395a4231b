using Kpod.Tokenizers.Json;
using Kpod.Tokenizers.SentencePiece;

namespace Kpod.Tokenizers.Files;

/// <summary>Reads tokenizers from files.</summary>
public static class TokenizerFile
{
    internal const string JsonName = "tokenizer.json";

    /// <summary>Names of SentencePiece models in a folder, in the order in which they are looked for.</summary>
    internal static readonly IReadOnlyList<string> SentencePieceNames = ["spiece.model", "tokenizer.model"];

    private static readonly string[] Names = [JsonName, .. SentencePieceNames];

    /// <summary>
    /// Reads a tokenizer with the files beside it that say which tokens begin, end and pad a
    /// sequence (<c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>).
    /// </summary>
    /// <param name="path">A model folder, in which <c>tokenizer.json</c> goes before <c>spiece.model</c> and <c>tokenizer.model</c>, or one such file.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="KpodException">There is no tokenizer, or it is damaged or of a kind that is not implemented; the message names file and
    /// place.</exception>
    public static Tokenizer Load(string path)
    {
        var file = FindIn(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var names = SpecialTokenNames.ReadFolder(folder);
        return file.EndsWith(".model", StringComparison.OrdinalIgnoreCase)
            ? SentencePieceFolder.Load(file, names)
            : TokenizerJson.Read(LocatedJson.ReadFile(file), names, folder);
    }

    private static string FindIn(string path) => !Directory.Exists(path) ? path
        : Array.Find(Array.ConvertAll(Names, name => Path.Combine(path, name)), File.Exists)
            ?? throw new KpodException($"{path}: holds no tokenizer; looked for {string.Join(", ", Names)}.");
}

using Kpod.Tokenizers.Json;

namespace Kpod.Tokenizers;

/// <summary>Reads tokenizers from files.</summary>
public static class TokenizerFile
{
    internal const string JsonName = "tokenizer.json";

    /// <summary>Reads a tokenizer with the files beside it that say which tokens begin, end and pad a sequence.</summary>
    /// <param name="path">A model folder or a <c>tokenizer.json</c>.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="KpodException">There is no tokenizer, or it is damaged or of a kind that is not implemented; the message names file and key.</exception>
    public static Tokenizer Load(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, JsonName) : path;
        var names = SpecialTokenNames.ReadFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return TokenizerJson.Read(JsonValue.ReadFile(file), names);
    }
}

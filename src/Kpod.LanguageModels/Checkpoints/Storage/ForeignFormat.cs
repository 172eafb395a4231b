namespace Kpod.LanguageModels.Checkpoints.Storage;

/// <summary>Recognises by its first bytes what a file is when it is not what its name says.</summary>
internal static class ForeignFormat
{
    /// <summary>How many bytes <see cref="Describe"/> looks at.</summary>
    public const int BytesNeeded = 16;

    /// <summary>Says what the file is.</summary>
    /// <param name="front">The first <see cref="BytesNeeded"/> bytes, or all of a shorter file.</param>
    /// <returns>What it is and what to do, to stand behind "it is "; null where it cannot be told.</returns>
    public static string? Describe(ReadOnlySpan<byte> front) => front switch
    {
        [] => "empty",
        _ when front.StartsWith("version https://"u8) => "a Git LFS pointer, not the file itself; fetch the file with `git lfs pull`",
        _ when front.StartsWith("GGUF"u8) => "a GGUF file; name it .gguf",
        _ when front.StartsWith("PK\u0003\u0004"u8) || front is [0x80, 0x02 or 0x04, ..] => PickleFile.Description,
        _ when front.StartsWith("<!"u8) || front.StartsWith("<html"u8) || front.StartsWith("<HTML"u8) => "a web page, perhaps an error page of the download; fetch the file again",
        [0x1f, 0x8b, ..] => "compressed with gzip; unpack it first",
        _ => null,
    };
}

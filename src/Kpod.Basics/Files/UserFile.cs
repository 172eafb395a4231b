namespace Kpod.Files;

/// <summary>Reads files of the user's.</summary>
internal static class UserFile
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="largest">Largest size in bytes.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="KpodException">It is missing, cannot be read, or is larger.</exception>
    public static byte[] ReadAllBytes(string path, long largest)
    {
        try
        {
            FileKind.RefuseUnlessRegular(path);
            var size = new FileInfo(path).Length;
            return size <= largest
                ? File.ReadAllBytes(path)
                : throw new KpodException($"{path}: has {size} bytes, more than the {largest} that a tokenizer may have. Is it another kind of file?");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: cannot be read ({exception.Message})", exception);
        }
    }
}

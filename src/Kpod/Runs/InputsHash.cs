using System.Security.Cryptography;
using System.Text;
using Kpod.Files;

namespace Kpod.Runs;

/// <summary>Hashes what shapes a piece of work, so that it is done again when any of it changes and found again when none does.</summary>
internal static class InputsHash
{
    /// <summary>SHA-256 over named inputs.</summary>
    /// <param name="inputs">Names with values; a value is hashed as the artefacts would write it.</param>
    /// <returns>Lower-case hexadecimal.</returns>
    public static string Of(params ReadOnlySpan<(string Name, object Value)> inputs)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in inputs)
        {
            text.Append(name).Append('=').Append(JsonArtefact.ToLine(value)).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>SHA-256 of a file's content.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Lower-case hexadecimal.</returns>
    public static string OfFile(string path)
    {
        FileKind.RefuseUnlessRegular(path);
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

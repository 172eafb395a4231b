namespace Kpod.Runs;

/// <summary>One file of a finished piece of work.</summary>
/// <param name="Path">Path in the run's folder, with <c>/</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its content, in lower-case hexadecimal.</param>
public sealed record ArtefactFile(string Path, long Bytes, string Sha256);

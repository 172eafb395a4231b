namespace Kpod.LanguageModels.Export;

/// <summary>A file that an export wrote.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
public sealed record ExportedFile(string Name, long Bytes);

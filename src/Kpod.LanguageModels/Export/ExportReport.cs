namespace Kpod.LanguageModels.Export;

/// <summary>What an export wrote and how near it is to what was trained.</summary>
/// <param name="Target">The folder or file.</param>
/// <param name="Format">Its form.</param>
/// <param name="Type">Type of its weights in the spelling of the format.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Files">Names and sizes of what was written; empty where the gate refused.</param>
/// <param name="Gate">How the export compares; null for an adapter, which is copied as it is.</param>
public sealed record ExportReport(string Target, ExportFormat Format, string Type, int Tensors, IReadOnlyList<ExportedFile> Files, MergeGateResult? Gate)
{
    /// <summary>Whether the target was written.</summary>
    public bool IsWritten => Files.Count > 0;
}

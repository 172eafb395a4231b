namespace Kpod.Runs;

/// <summary>A finished piece of work: a stage, or the base model's evaluation.</summary>
/// <param name="InputsHash">SHA-256 of everything that shaped it.</param>
/// <param name="Seconds">How long it took when it was computed.</param>
/// <param name="Files">Its files.</param>
/// <param name="BeingReplaced">Set while it is made anew from other inputs, when its files may be neither the old nor the new ones; null else.</param>
/// <param name="ReusedFrom">Name of the run folder it was found in; null where it was computed here.</param>
public sealed record FinishedWork(string InputsHash, double Seconds, IReadOnlyList<ArtefactFile> Files, string? ReusedFrom = null, bool? BeingReplaced = null);

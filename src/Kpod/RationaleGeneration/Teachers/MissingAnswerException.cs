namespace Kpod.RationaleGeneration.Teachers;

/// <summary>Only the store answers, and it has no answer to a request.</summary>
internal sealed class MissingAnswerException : Exception;

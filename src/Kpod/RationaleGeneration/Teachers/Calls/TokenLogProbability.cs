namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>A token and how probable the teacher held it at its place.</summary>
/// <param name="Text">The token as the server spells it; half a character reads as the server writes it.</param>
/// <param name="Bytes">Its bytes in UTF-8, which of a token that is half a character tell more than its text; null where the server does not give them.</param>
/// <param name="LogProbability">Natural logarithm of its probability, 0 or less; negative infinity where the server holds it impossible.</param>
internal sealed record TokenLogProbability(string Text, IReadOnlyList<byte>? Bytes, double LogProbability)
{
    /// <summary>Its id in the teacher's vocabulary; null where the server does not give it (OpenAI does not, llama.cpp and a local teacher do).</summary>
    public int? Id { get; init; }
}

namespace Kpod.Distillation.Methods.SymbolicCot;

/// <summary>One visit of an epoch: a question, and the chains of which one is drawn.</summary>
/// <param name="Question">Index of the question.</param>
/// <param name="Candidates">Indices of chains among those of the question; empty where only the answer is learned.</param>
internal sealed record ChainSlot(int Question, IReadOnlyList<int> Candidates)
{
    /// <summary>The chain of one epoch, drawn uniformly.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch; another one draws anew.</param>
    /// <returns>Index of the chain; null where only the answer is learned.</returns>
    public int? Draw(long seed, int epoch) => Candidates.Count == 0 ? null : Candidates[Seeds.Generator(seed, $"chain of question {Question}", epoch).Next(Candidates.Count)];
}

namespace Kpod.LanguageModels;

/// <summary>
/// Sequences to be scored or learned with their own tokens as input (teacher forcing). A causal model reads prompt and response as one sequence;
/// an encoder-decoder reads the prompt in its encoder and writes the response in its decoder.
/// </summary>
public sealed class TeacherForcedBatch
{
    /// <summary>Joins sequences to a batch.</summary>
    /// <param name="prompts">Token ids that are given, per sequence; begin tokens included.</param>
    /// <param name="responses">Token ids to be written, per sequence; the end token included where it is to be learned.</param>
    /// <param name="supervised">Per response token, whether it is scored; as long as the response.</param>
    /// <exception cref="ArgumentException">The lists differ in length, or nothing is supervised.</exception>
    public TeacherForcedBatch(IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> responses, IReadOnlyList<bool[]> supervised)
    {
        if (prompts.Count != responses.Count || prompts.Count != supervised.Count)
        {
            throw new ArgumentException($"{prompts.Count} prompts, {responses.Count} responses and {supervised.Count} supervision masks cannot be one batch.");
        }

        for (var row = 0; row < responses.Count; row++)
        {
            if (responses[row].Length != supervised[row].Length)
            {
                throw new ArgumentException($"Sequence {row} has {responses[row].Length} response tokens but a supervision mask of {supervised[row].Length}.");
            }
        }

        Prompts = prompts;
        Responses = responses;
        Supervised = supervised;
        SupervisedCount = supervised.Sum(mask => mask.Count(counts => counts));
        if (SupervisedCount == 0)
        {
            throw new ArgumentException("No token of the batch is supervised, so there is nothing to score.");
        }
    }

    /// <summary>Given token ids, per sequence.</summary>
    public IReadOnlyList<int[]> Prompts { get; }

    /// <summary>Token ids to be written, per sequence.</summary>
    public IReadOnlyList<int[]> Responses { get; }

    /// <summary>Per response token, whether it is scored.</summary>
    public IReadOnlyList<bool[]> Supervised { get; }

    /// <summary>Number of sequences.</summary>
    public int Count => Prompts.Count;

    /// <summary>Number of supervised tokens of all sequences.</summary>
    public int SupervisedCount { get; }

    /// <summary>The supervised token ids, sequence by sequence, in order.</summary>
    /// <returns>As many ids as <see cref="SupervisedCount"/>.</returns>
    public long[] Targets()
    {
        var targets = new List<long>(SupervisedCount);
        for (var row = 0; row < Count; row++)
        {
            for (var position = 0; position < Responses[row].Length; position++)
            {
                if (Supervised[row][position])
                {
                    targets.Add(Responses[row][position]);
                }
            }
        }

        return [.. targets];
    }
}

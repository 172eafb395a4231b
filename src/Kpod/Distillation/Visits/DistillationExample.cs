namespace Kpod.Distillation.Visits;

/// <summary>One visit to one rationale: the first c steps are given, the rest and the answer are to be written.</summary>
internal sealed record DistillationExample
{
    /// <summary>Names the sample.</summary>
    public required string Key { get; init; }

    /// <summary>Question and p.</summary>
    public required int[] PromptIds { get; init; }

    /// <summary>Rationale and answer segment, whole: given steps stand here too, unsupervised, so that what follows is read after them.</summary>
    public required int[] ResponseIds { get; init; }

    /// <summary>Per response token, whether it is learned.</summary>
    public required bool[] Supervised { get; init; }

    /// <summary>Weight of each supervised token, in order: w_j in the rationale, 1 in the answer segment.</summary>
    public required float[] Weights { get; init; }

    /// <summary>c: number of given steps.</summary>
    public required int GivenSteps { get; init; }

    /// <summary>
    /// The example of Eq. 15 with the answer term of Eq. 1: tokens from p_{c+1} to the end of the rationale with weight w_j, the answer segment with weight 1.
    /// With w = 1 and c = 0 it is the example of plain distillation (Eq. 1).
    /// </summary>
    /// <param name="item">The rationale.</param>
    /// <param name="weights">One weight per rationale token.</param>
    /// <param name="givenSteps">c, from 0 to the number of steps.</param>
    /// <returns>The example.</returns>
    public static DistillationExample Make(DistillationItem item, IReadOnlyList<double> weights, int givenSteps)
    {
        if (givenSteps < 0 || givenSteps > item.StepEnds.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(givenSteps), givenSteps, $"{item.Rationale.Key} has {item.StepEnds.Count} steps.");
        }

        var rationaleTokens = item.Rationale.RationaleTokens.Length;
        if (weights.Count != rationaleTokens)
        {
            throw new ArgumentException($"{item.Rationale.Key} has {rationaleTokens} rationale tokens but {weights.Count} weights.", nameof(weights));
        }

        var firstSupervised = givenSteps == 0 ? 0 : item.StepEnds[givenSteps - 1];
        var response = item.Rationale.ResponseIds();
        var supervised = new bool[response.Length];
        supervised.AsSpan(firstSupervised).Fill(true);
        var supervisedWeights = new float[response.Length - firstSupervised];
        for (var token = firstSupervised; token < response.Length; token++)
        {
            supervisedWeights[token - firstSupervised] = token < rationaleTokens ? (float)weights[token] : 1f;
        }

        return new DistillationExample
        {
            Key = item.Rationale.Key,
            PromptIds = item.Rationale.PromptIds,
            ResponseIds = response,
            Supervised = supervised,
            Weights = supervisedWeights,
            GivenSteps = givenSteps,
        };
    }
}

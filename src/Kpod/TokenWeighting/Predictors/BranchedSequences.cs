using Kpod.RationaleGeneration.Rationales;

namespace Kpod.TokenWeighting.Predictors;

/// <summary>
/// How a causal model reads one rationale and answers after many of its prefixes in a single pass: <c>prompt | rationale | answer | answer | …</c>, padded
/// on the right. Answer branch b sees the prompt, the first k_b rationale tokens and itself, and its positions go on from k_b, so that it computes exactly what the
/// plain sequence <c>prompt | prefix | answer</c> would. Only the tokens of y itself carry loss, not the connector and not the end token.
/// </summary>
internal sealed class BranchedSequences
{
    private readonly IReadOnlyList<EncodedRationale> _rationales;
    private readonly IReadOnlyList<int[]> _prefixes;
    private readonly int _rationaleWidth;

    /// <summary>Lays a batch out.</summary>
    /// <param name="rationales">The batch.</param>
    /// <param name="prefixes">Per rationale, the lengths of the prefixes that are answered from.</param>
    public BranchedSequences(IReadOnlyList<EncodedRationale> rationales, IReadOnlyList<int[]> prefixes)
    {
        _rationales = rationales;
        _prefixes = prefixes;
        _rationaleWidth = rationales.Max(rationale => rationale.RationaleTokens.Length);
        Length = Enumerable.Range(0, rationales.Count).Max(row => BranchStart(row, prefixes[row].Length));
        var places = rationales.Count * Length;
        Ids = new long[places];
        Positions = new long[places];
        Sources = new long[places];
        Mask = new float[places * Length];
        Array.Fill(Mask, float.NegativeInfinity);
        var branch = 0;
        for (var row = 0; row < rationales.Count; row++)
        {
            LayRow(row, branch);
            branch += prefixes[row].Length;
        }

        Branches = branch;
    }

    /// <summary>T: tokens of the longest row.</summary>
    public int Length { get; }

    /// <summary>Answer branches of all rows.</summary>
    public int Branches { get; }

    /// <summary>(rows · T): token ids; at rationale tokens and padding any id.</summary>
    public long[] Ids { get; }

    /// <summary>(rows · T): place of each token in the text that it belongs to.</summary>
    public long[] Positions { get; }

    /// <summary>
    /// (rows · T): where each embedding comes from: below rows · T it is that of an id, above that of a masked rationale's token, at
    /// rows · T + row · widest rationale + token.
    /// </summary>
    public long[] Sources { get; }

    /// <summary>(rows · T · T): 0 where a token sees another, -∞ where not.</summary>
    public float[] Mask { get; }

    /// <summary>Flat index of each state that predicts a token of an answer, branch by branch.</summary>
    public List<long> PredictingRows { get; } = [];

    /// <summary>The predicted token of each.</summary>
    public List<long> Targets { get; } = [];

    /// <summary>The branch of each.</summary>
    public List<long> TargetBranches { get; } = [];

    // The last token of y is predicted, never read.
    private static int BranchLength(EncodedRationale rationale) => rationale.AnswerValueEnd - 1;

    private int BranchStart(int row, int branch)
    {
        var rationale = _rationales[row];
        return rationale.PromptIds.Length + rationale.RationaleTokens.Length + (branch * BranchLength(rationale));
    }

    private void LayRow(int row, int firstBranch)
    {
        var rationale = _rationales[row];
        var (prompt, tokens) = (rationale.PromptIds, rationale.RationaleTokens.Length);
        var trunk = prompt.Length + tokens;
        for (var place = 0; place < trunk; place++)
        {
            var isPrompt = place < prompt.Length;
            Place(row, place, isPrompt ? prompt[place] : 0, position: place);
            See(row, place, 0, place + 1);
            if (!isPrompt)
            {
                Sources[(row * Length) + place] = ((long)_rationales.Count * Length) + ((long)row * _rationaleWidth) + place - prompt.Length;
            }
        }

        for (var branch = 0; branch < _prefixes[row].Length; branch++)
        {
            LayBranch(row, branch, firstBranch + branch);
        }

        for (var place = BranchStart(row, _prefixes[row].Length); place < Length; place++)
        {
            Place(row, place, id: 0, position: 0);
            See(row, place, place, place + 1);
        }
    }

    private void LayBranch(int row, int branch, int number)
    {
        var rationale = _rationales[row];
        var (start, prefixEnd) = (BranchStart(row, branch), rationale.PromptIds.Length + _prefixes[row][branch]);
        for (var token = 0; token < BranchLength(rationale); token++)
        {
            Place(row, start + token, rationale.AnswerIds[token], position: prefixEnd + token);
            See(row, start + token, 0, prefixEnd);
            See(row, start + token, start, start + token + 1);
            if (token + 1 >= rationale.AnswerValueStart)
            {
                PredictingRows.Add(((long)row * Length) + start + token);
                Targets.Add(rationale.AnswerIds[token + 1]);
                TargetBranches.Add(number);
            }
        }
    }

    private void Place(int row, int place, int id, int position)
    {
        var index = (row * Length) + place;
        Ids[index] = id;
        Positions[index] = position;
        Sources[index] = index;
    }

    private void See(int row, int place, int from, int to) => Mask.AsSpan((((row * Length) + place) * Length) + from, to - from).Clear();
}

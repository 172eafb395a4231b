using Kpod.ProgressiveSchedule.Selection;
using Kpod.Recipes;

namespace Kpod.ProgressiveSchedule;

/// <summary>
/// How the progressive schedule is planned (section 3.4, Eq. 9 to 13); the recipe's section <c>schedule</c>. Where <see cref="Stages"/>, <see cref="StagesPerEpoch"/> and
/// <see cref="StepsPerSelection"/> are all left out, they follow from the data and the number of epochs (<see cref="ScheduleLength"/>); where one of them is given, the others have the paper's values.
/// </summary>
public sealed record ScheduleOptions
{
    /// <summary>T: number of stages, 1 or more; null for half of the training's stages (the paper: half of the epochs, with one stage an epoch).</summary>
    [AtMost(10_000)]
    public int? Stages { get; init; }

    /// <summary>
    /// Stages that share an epoch, 1 or more; each visits its share of the epoch's data. The paper: 1. More give a short training a schedule that can finish.
    /// </summary>
    [AtMost(10_000)]
    public int? StagesPerEpoch { get; init; }

    /// <summary>p of Eq. 10, 0 or more: the difficulty grows with t^(p+1), so a larger p puts it later. The paper: 0.5.</summary>
    public double GrowthPower { get; init; } = 0.5;

    /// <summary>C_0 / B, in [0, 1]: the share of the whole difficulty that is allowed at stage 0. The paper: 0.3.</summary>
    public double InitialShare { get; init; } = 0.3;

    /// <summary>
    /// beta of Eq. 12, 0 or more: what spreading a selection over the clusters is worth, in nat. The paper: 12; 0 is its ablation KPOD-w.o.-div.
    /// </summary>
    public double DiversityWeight { get; init; } = 12;

    /// <summary>K: number of question clusters, 1 or more. The paper: 5.</summary>
    [AtMost(10_000)]
    public int Clusters { get; init; } = 5;

    /// <summary>Delta_s of Eq. 11, 1 or more: steps that a selected rationale hands to the student. The paper does not say; its Figure 1 shows 1.</summary>
    public int? StepsPerSelection { get; init; }

    /// <summary>
    /// epsilon of FTGP, in (0, 0.5]: the selection reaches 1/2 - epsilon of the best value at least; smaller costs time. The paper does not say.
    /// </summary>
    public double Epsilon { get; init; } = 0.1;

    /// <summary>How c(0) is found. The paper does not say.</summary>
    public InitialSelection InitialSelection { get; init; } = InitialSelection.RepeatedSelection;

    /// <summary>What selects at each stage. The paper: FTGP.</summary>
    public StageSelector Selector { get; init; } = StageSelector.Ftgp;

    /// <summary>
    /// Word vectors in GloVe's text format, for the clusters. The paper: GloVe, without saying which. Null for the student's own input embedding.
    /// </summary>
    [RecipePath]
    public string? WordVectors { get; init; }

    /// <summary>
    /// Whether stage T hands over whatever is still given, however many steps a selection may take. The paper's algorithm does so only after stage T; a length that follows
    /// from the data has it always.
    /// </summary>
    public bool ForceZeroAtEnd { get; init; }

    /// <summary>Whether T, stages an epoch and steps a selection follow from the data.</summary>
    internal bool FollowsData => Stages is null && StagesPerEpoch is null && StepsPerSelection is null;

    /// <summary>Stages that share an epoch: as given, or the paper's 1.</summary>
    internal int PerEpoch => StagesPerEpoch ?? 1;

    /// <summary>Delta_s: as given, or 1.</summary>
    internal int Released => StepsPerSelection ?? 1;

    /// <summary>T for a training of this length.</summary>
    /// <param name="epochs">N_e.</param>
    /// <returns><see cref="Stages"/>, or half of the training's stages, 1 at least.</returns>
    public int StageCount(int epochs) => Stages ?? (int)Math.Clamp((long)epochs * PerEpoch / 2, 1, int.MaxValue);

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        foreach (var (key, value) in new[]
        {
            ("stages", Stages ?? 1), ("stagesPerEpoch", PerEpoch), ("clusters", Clusters), ("stepsPerSelection", Released),
        })
        {
            if (value < 1)
            {
                yield return $"schedule.{key} is {value}; it must be 1 or more.";
            }
        }

        foreach (var (key, value, limit, holds) in new[]
        {
            ("growthPower", GrowthPower, "be 0 or more", GrowthPower >= 0 && double.IsFinite(GrowthPower)),
            ("initialShare", InitialShare, "lie in [0, 1]", InitialShare is >= 0 and <= 1),
            ("diversityWeight", DiversityWeight, "be 0 or more", DiversityWeight >= 0 && double.IsFinite(DiversityWeight)),
            ("epsilon", Epsilon, "lie above 0 and at most at 0.5", Epsilon is > 0 and <= 0.5),
        })
        {
            if (!holds)
            {
                yield return FormattableString.Invariant($"schedule.{key} is {value}; it must {limit}.");
            }
        }
    }
}

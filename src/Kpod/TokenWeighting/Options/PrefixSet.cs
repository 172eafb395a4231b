namespace Kpod.TokenWeighting.Options;

/// <summary>Which prefixes of a rationale the answer is predicted from in one update (Eq. 5 sums over all of them).</summary>
public enum PrefixSet
{
    /// <summary>A few lengths, one drawn from each of as many equal parts of the rationale: an unbiased estimate of the mean over all.</summary>
    Stratified,

    /// <summary>The prefixes that end with a step: natural and cheap, but biased.</summary>
    StepEnds,

    /// <summary>Every length from 1 to L, as Eq. 5 is written: exact, and L times the work.</summary>
    AllTokens,
}

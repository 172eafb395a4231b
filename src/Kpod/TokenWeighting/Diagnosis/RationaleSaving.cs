using static System.FormattableString;

namespace Kpod.TokenWeighting.Diagnosis;

/// <summary>
/// What a rationale saves when the predictor is trained: the answer's loss with none of it less that with all of it, averaged over prefixes that end with its four quarters. A
/// quarter that misleads the predictor saves nothing; it does not make the others cheaper.
/// </summary>
/// <param name="Without">Loss with every token masked, by quarter, in nat an answer.</param>
/// <param name="With">Loss with no token masked, by quarter, in nat an answer.</param>
public sealed record RationaleSaving(IReadOnlyList<double> Without, IReadOnlyList<double> With)
{
    /// <summary>The mean saving, in nat.</summary>
    public double Nats => Without.Zip(With, (without, with) => Math.Max(without - with, 0)).Average();

    /// <summary>A clause for people.</summary>
    /// <returns>The saving and what it is the difference of.</returns>
    public override string ToString() =>
        Invariant($"a rationale saves {Nats:0.000} nat, averaged over its quarters (without {Say(Without)}, with it {Say(With)})");

    private static string Say(IReadOnlyList<double> losses) => string.Join(' ', losses.Select(loss => Invariant($"{loss:0.00}")));
}

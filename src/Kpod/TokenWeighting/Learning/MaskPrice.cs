using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Options;

namespace Kpod.TokenWeighting.Learning;

/// <summary>Finds alpha of Eq. 7: given, or a multiple of what a rationale saves that is moved where the weights end at one of the two ends.</summary>
internal static class MaskPrice
{
    private const double Move = 1.6;

    /// <summary>The price to begin with.</summary>
    /// <param name="options">A constant price, or the multiple.</param>
    /// <param name="saving">What a rationale saves; null where nothing was measured.</param>
    /// <returns>alpha, in nat.</returns>
    public static double First(TokenWeightingOptions options, RationaleSaving? saving) => options.MaskRatioWeight
        ?? (options.SavingMultiple * (saving ?? throw new ArgumentNullException(nameof(saving), "A price that follows the saving needs it.")).Nats);

    /// <summary>The price to try after attempts that gave nothing of use.</summary>
    /// <param name="options">Whether, and how often, the price may be moved.</param>
    /// <param name="attempts">The attempts so far, at least one; the last one had a fault.</param>
    /// <returns>Null where there is none.</returns>
    public static double? Next(TokenWeightingOptions options, IReadOnlyList<PriceAttempt> attempts)
    {
        if (options.MaskRatioWeight is not null || attempts.Count > options.PriceMoves)
        {
            return null;
        }

        var (last, rises) = (attempts[^1], Rises(attempts[^1]));

        // Between a price that was too low and one that was too high lies the next; where only one side is known, it goes on.
        var beyond = attempts.Where(attempt => Rises(attempt) != rises && (attempt.Price > last.Price) == rises).Select(attempt => attempt.Price).ToArray();
        return beyond.Length > 0
            ? Math.Sqrt(last.Price * (rises ? beyond.Min() : beyond.Max()))
            : rises ? last.Price * Move : last.Price / Move;
    }

    // Weights that keep more than half are too cheap, others too dear.
    private static bool Rises(PriceAttempt attempt) => attempt.Fault switch
    {
        WeightFault.KeepsAll => true,
        WeightFault.KeepsNone or WeightFault.TellsNothing => false,
        _ => attempt.MeanWeight > 0.5,
    };
}

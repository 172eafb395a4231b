namespace Kpod.Evaluation.Statistics;

/// <summary>The inverse of the standard normal distribution.</summary>
public static class NormalQuantile
{
    /// <summary>The number below which a standard normal one lies with a given probability.</summary>
    /// <param name="probability">From 1e-9 to 1 - 1e-9; beyond, double precision gives no honest digits.</param>
    /// <returns>To about 1e-13.</returns>
    public static double Of(double probability)
    {
        if (!(probability is >= 1e-9 and <= 1 - 1e-9))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A quantile is known here from 1e-9 to 1 - 1e-9.");
        }

        // Newton's steps from the middle; the function is convex on one side, so they do not leave it.
        var x = 0.0;
        for (var step = 0; step < 100; step++)
        {
            var next = x - ((Below(x) - probability) / Density(x));
            if (Math.Abs(next - x) <= 1e-15 * Math.Abs(next))
            {
                return next;
            }

            x = Math.Clamp(next, x - 1, x + 1);
        }

        return x;
    }

    /// <summary>The probability of lying below a number: 1/2 + φ(x) (x + x³/3 + x⁵/15 + …).</summary>
    /// <param name="x">The number.</param>
    /// <returns>The probability.</returns>
    public static double Below(double x)
    {
        var (term, sum) = (x, x);
        for (var odd = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); odd += 2)
        {
            term *= x * x / odd;
            sum += term;
        }

        return 0.5 + (Density(x) * sum);
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
}

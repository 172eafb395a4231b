using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kpod.LanguageModels.Kernels;

/// <summary>What kernels of our own compute beside sums and products.</summary>
internal static unsafe class VectorFunctions
{
    private const float Least = -87.3f; // below it a float32 number is no longer normal
    private const float Most = 88.3f;

    /// <summary>
    /// e^x to within two units in the last place (the polynomial of Moshier's Cephes library): several times as fast as the runtime's own, which computes in float64.
    /// </summary>
    /// <param name="x">Numbers.</param>
    /// <returns>As many: 0 where x lies below -87.3, at most e^88.3.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exponential(Vector<float> x)
    {
        // x = n ln 2 + r with |r| ≤ ln 2 / 2, ln 2 in two parts so that nothing is lost.
        var bounded = Vector.Min(x, Vector.Create(Most));
        var n = Vector.Round(bounded * Vector.Create(1.44269504f));
        var r = Vector.MultiplyAddEstimate(n, Vector.Create(-0.693359375f), bounded);
        r = Vector.MultiplyAddEstimate(n, Vector.Create(2.12194440e-4f), r);
        var sum = Vector.Create(1.9875691500e-4f);
        sum = Vector.MultiplyAddEstimate(sum, r, Vector.Create(1.3981999507e-3f));
        sum = Vector.MultiplyAddEstimate(sum, r, Vector.Create(8.3334519073e-3f));
        sum = Vector.MultiplyAddEstimate(sum, r, Vector.Create(4.1665795894e-2f));
        sum = Vector.MultiplyAddEstimate(sum, r, Vector.Create(1.6666665459e-1f));
        sum = Vector.MultiplyAddEstimate(sum, r, Vector.Create(5.0000001201e-1f));
        sum = Vector.MultiplyAddEstimate(sum, r * r, r + Vector<float>.One);
        var power = Vector.AsVectorSingle((Vector.ConvertToInt32Native(n) + Vector.Create(127)) << 23);
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector.Create(Least)), Vector<float>.Zero, sum * power);
    }

    /// <summary>The largest number.</summary>
    /// <param name="values">Numbers.</param>
    /// <param name="count">How many: one vector or more, all of them whole.</param>
    /// <returns>It, or NaN where one is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest(float* values, int count)
    {
        var vector = Vector.Load(values);
        for (var index = Vector<float>.Count; index < count; index += Vector<float>.Count)
        {
            vector = Vector.Max(vector, Vector.Load(values + index));
        }

        var largest = vector[0];
        for (var lane = 1; lane < Vector<float>.Count; lane++)
        {
            largest = MathF.Max(largest, vector[lane]);
        }

        return largest;
    }
}

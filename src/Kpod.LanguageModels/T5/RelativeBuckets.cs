namespace Kpod.LanguageModels.T5;

/// <summary>
/// The buckets of T5's relative position bias (Raffel et al., 2020, section 2.1): one for each small distance, then ever wider ones on a
/// logarithmic scale, the last for everything from a maximum distance on.
/// </summary>
internal static class RelativeBuckets
{
    /// <summary>The bucket of a distance.</summary>
    /// <param name="relative">Position of the key less position of the query.</param>
    /// <param name="bidirectional">Whether keys behind the query have buckets of their own (encoder) or share bucket 0 (decoder, which never sees them).</param>
    /// <param name="buckets">Number of buckets.</param>
    /// <param name="maximumDistance">Distance from which on the last bucket serves.</param>
    /// <returns>A bucket from 0.</returns>
    public static long Of(long relative, bool bidirectional, int buckets, int maximumDistance)
    {
        long first = 0;
        if (bidirectional)
        {
            buckets /= 2;
            first = relative > 0 ? buckets : 0;
        }

        var distance = bidirectional ? Math.Abs(relative) : Math.Max(-relative, 0);
        var exact = buckets / 2;
        if (distance < exact)
        {
            return first + distance;
        }

        var wide = (long)(Math.Log((double)distance / exact) / Math.Log((double)maximumDistance / exact) * (buckets - exact));
        return first + Math.Min(exact + wide, buckets - 1);
    }
}

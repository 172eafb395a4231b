namespace Kpod.Reports.Sections;

/// <summary>The unit in which times are drawn.</summary>
internal static class TimeUnit
{
    /// <summary>The unit that suits the longest of some times.</summary>
    /// <param name="longestSeconds">The longest, in seconds.</param>
    /// <returns>Its name, and its seconds.</returns>
    public static (string Name, double Seconds) For(double longestSeconds) => longestSeconds switch
    {
        < 180 => ("seconds", 1),
        < 3 * 3600 => ("minutes", 60),
        _ => ("hours", 3600),
    };
}

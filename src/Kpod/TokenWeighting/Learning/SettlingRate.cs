namespace Kpod.TokenWeighting.Learning;

/// <summary>The course of a learning rate that stays and then falls linearly to 0.</summary>
internal static class SettlingRate
{
    /// <summary>Multiplier of the rate.</summary>
    /// <param name="step">Optimizer step, from 0.</param>
    /// <param name="totalSteps">Steps in all.</param>
    /// <param name="settlingShare">Share of the steps, at the end, over which it falls.</param>
    /// <returns>A number in (0, 1].</returns>
    public static double Multiplier(int step, int totalSteps, double settlingShare)
    {
        var settlingSteps = totalSteps * settlingShare;
        return settlingSteps <= 0 ? 1 : Math.Min(1, (totalSteps - step) / settlingSteps);
    }
}

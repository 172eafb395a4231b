namespace Kpod.ProgressiveSchedule;

/// <summary>Eq. 10: how much difficulty the student may meet at each stage, D(t) = u t^(p+1) / (p+1) + C_0, with u such that D(T) = B.</summary>
internal sealed class DifficultyCurve
{
    /// <summary>Lays the curve through C_0 at stage 0 and B at stage T.</summary>
    /// <param name="maximumDifficulty">B, in nat.</param>
    /// <param name="initialDifficulty">C_0, in nat, at most B.</param>
    /// <param name="growthPower">p, above -1.</param>
    /// <param name="stages">T, 1 or more.</param>
    public DifficultyCurve(double maximumDifficulty, double initialDifficulty, double growthPower, int stages)
    {
        if (!(initialDifficulty >= 0 && initialDifficulty <= maximumDifficulty && growthPower > -1 && stages >= 1))
        {
            throw new ArgumentException($"No curve with B = {maximumDifficulty}, C_0 = {initialDifficulty}, p = {growthPower}, T = {stages}.");
        }

        MaximumDifficulty = maximumDifficulty;
        InitialDifficulty = initialDifficulty;
        GrowthPower = growthPower;
        Stages = stages;
        GrowthRate = (maximumDifficulty - initialDifficulty) * (growthPower + 1) / Math.Pow(stages, growthPower + 1);
    }

    /// <summary>B, in nat.</summary>
    public double MaximumDifficulty { get; }

    /// <summary>C_0, in nat.</summary>
    public double InitialDifficulty { get; }

    /// <summary>p.</summary>
    public double GrowthPower { get; }

    /// <summary>T.</summary>
    public int Stages { get; }

    /// <summary>u = (B - C_0)(p + 1) / T^(p+1).</summary>
    public double GrowthRate { get; }

    /// <summary>D(t).</summary>
    /// <param name="stage">t, 0 or more; from T on D stays at B.</param>
    /// <returns>Allowed difficulty, in nat.</returns>
    public double At(int stage) => stage switch
    {
        < 0 => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Stages are counted from 0."),
        _ when stage >= Stages => MaximumDifficulty,
        _ => (GrowthRate * Math.Pow(stage, GrowthPower + 1) / (GrowthPower + 1)) + InitialDifficulty,
    };
}

namespace Kpod.StepDifficulty;

/// <summary>How rationales are cut into steps and the steps scored; the recipe's section <c>stepDifficulty</c>.</summary>
public sealed record StepDifficultyOptions
{
    /// <summary>
    /// Whether a line's end also ends a step. The paper only names "."; chatty teachers who write equations on lines of their own get about twice as many
    /// steps with it.
    /// </summary>
    public bool SplitOnNewline { get; init; }

    /// <summary>Whether all tokens of a step count alike in its difficulty (the ablation KPOD-w.o.-sig-dif); the token weights are then not read.</summary>
    public bool UniformWeights { get; init; }

    /// <summary>Rationales that the student reads at once, 1 or more; more cost memory. It does not change a difficulty beyond rounding.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Names every value out of range.</summary>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check()
    {
        if (BatchSize < 1)
        {
            yield return $"stepDifficulty.batchSize is {BatchSize}; it must be 1 or more.";
        }
    }
}

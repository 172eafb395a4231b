using Kpod.StepDifficulty;

namespace Kpod.Tests.StepDifficulty;

public sealed class StepDifficultyFormulaTests
{
    [Fact]
    public void Equation_8_by_hand()
    {
        // Shares e^0.5 : e^0 : e^1 = 1.648721 : 1 : 2.718282, sum 5.367003; losses 1, 2, 4.
        var expected = ((1.6487212707001282 * 1) + 2 + (2.718281828459045 * 4)) / 5.367003099159173;
        Assert.Equal(expected, StepDifficultyFormula.Weighted([1, 2, 4], [0.5, 0, 1]), 1e-14);
        Assert.Equal(2.7057645, expected, 1e-6);
        Assert.Equal(7.0 / 3, StepDifficultyFormula.Uniform([1, 2, 4]), 1e-14);
    }

    [Fact]
    public void A_weight_counts_and_equal_weights_give_the_plain_mean()
    {
        Assert.True(StepDifficultyFormula.Weighted([1, 5], [0.1, 0.9]) > StepDifficultyFormula.Weighted([1, 5], [0.9, 0.1]));
        Assert.Equal(3, StepDifficultyFormula.Weighted([1, 5], [0.3, 0.3]), 1e-14);
        Assert.Equal(6.5, StepDifficultyFormula.Weighted([6.5], [0.02]), 1e-14);
    }

    [Fact]
    public void The_length_of_a_step_does_not_count()
    {
        var once = StepDifficultyFormula.Weighted([1, 5], [0.2, 0.8]);
        Assert.Equal(once, StepDifficultyFormula.Weighted([1, 5, 1, 5, 1, 5], [0.2, 0.8, 0.2, 0.8, 0.2, 0.8]), 1e-14);
    }

    [Fact]
    public void A_step_without_tokens_or_with_other_weights_is_refused()
    {
        Assert.Throws<ArgumentException>(() => StepDifficultyFormula.Weighted([], []));
        Assert.Throws<ArgumentException>(() => StepDifficultyFormula.Weighted([1], [0.1, 0.2]));
        Assert.Throws<ArgumentException>(() => StepDifficultyFormula.Uniform([]));
    }

    [Theory]
    [MemberData(nameof(RecordedRationale.Variants), MemberType = typeof(RecordedRationale))]
    public void Recorded_losses_give_the_difficulties_of_the_reference(string variant)
    {
        var largest = 0.0;
        foreach (var recorded in RecordedRationale.Of(variant))
        {
            double[] weights = [.. recorded.Weights.Tokens.Select(token => token.Weight)];
            for (var step = 0; step < recorded.Steps.Length; step++)
            {
                var tokens = recorded.Steps[step].First..recorded.Steps[step].End;
                var weighted = StepDifficultyFormula.Weighted(recorded.Losses.AsSpan(tokens), weights.AsSpan(tokens));
                var uniform = StepDifficultyFormula.Uniform(recorded.Losses.AsSpan(tokens));
                largest = Math.Max(largest, Math.Abs(recorded.Difficulty[step] - weighted));
                largest = Math.Max(largest, Math.Abs(recorded.UniformDifficulty[step] - uniform));
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{variant}: largest difference {largest:E1} nat");
        Assert.True(largest < 1e-12);
    }
}

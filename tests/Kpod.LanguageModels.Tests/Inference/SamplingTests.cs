using Kpod.LanguageModels.Inference;

namespace Kpod.LanguageModels.Tests.Inference;

public sealed class SamplingTests
{
    // Probabilities 0.4, 0.1, 0.3, 0.2.
    private static readonly float[] Logits = [.. new[] { 0.4, 0.1, 0.3, 0.2 }.Select(probability => (float)Math.Log(probability) + 3)];

    [Fact]
    public void Greedy_takes_the_most_probable() => Assert.Equal(0, new Sampling.Greedy().Choose([.. Logits], new Random(1)));

    [Fact]
    public void Plain_sampling_draws_by_probability() => Expect(new Sampling.Plain(), [0.4, 0.1, 0.3, 0.2]);

    [Fact]
    public void A_temperature_of_one_half_squares_the_probabilities() =>
        Expect(new Sampling.Plain(0.5), [0.16 / 0.30, 0.01 / 0.30, 0.09 / 0.30, 0.04 / 0.30]);

    [Fact]
    public void The_most_probable_two_share_all_chance() => Expect(new Sampling.TopK(2), [4 / 7.0, 0, 3 / 7.0, 0]);

    [Fact]
    public void A_nucleus_is_the_fewest_tokens_that_reach_the_mass()
    {
        Expect(new Sampling.TopP(0.69), [4 / 7.0, 0, 3 / 7.0, 0]);
        Expect(new Sampling.TopP(0.71), [4 / 9.0, 0, 3 / 9.0, 2 / 9.0]);
        Expect(new Sampling.TopP(1), [0.4, 0.1, 0.3, 0.2]);
        Expect(new Sampling.TopP(0.01), [1, 0, 0, 0]);
    }

    [Fact]
    public void A_tiny_temperature_is_greedy_without_becoming_infinite() => Expect(new Sampling.TopK(3, 1e-30), [1, 0, 0, 0]);

    private static void Expect(Sampling sampling, double[] probabilities)
    {
        const int Draws = 20_000;
        var random = new Random(11);
        var counts = new int[probabilities.Length];
        for (var draw = 0; draw < Draws; draw++)
        {
            counts[sampling.Choose([.. Logits], random)]++;
        }

        for (var token = 0; token < probabilities.Length; token++)
        {
            Assert.Equal(probabilities[token], counts[token] / (double)Draws, 0.015); // four standard deviations
            Assert.Equal(probabilities[token] == 0, counts[token] == 0);
        }
    }
}

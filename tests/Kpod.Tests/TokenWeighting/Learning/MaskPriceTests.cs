using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Learning;
using Kpod.TokenWeighting.Options;

namespace Kpod.Tests.TokenWeighting.Learning;

public sealed class MaskPriceTests
{
    private static readonly TokenWeightingOptions Options = new() { PriceMoves = 5, SavingMultiple = 1.5 };

    [Fact]
    public void The_price_is_a_multiple_of_what_a_rationale_saves_or_the_constant_that_is_given()
    {
        // Quarters save 0, 0 (misled by 0.5), 1 and 3 nat: 1 nat on average.
        var saving = new RationaleSaving([4, 3, 4, 4], [4, 3.5, 3, 1]);
        Assert.Equal(1, saving.Nats, 1e-12);
        Assert.Equal(1.5, MaskPrice.First(Options, saving), 1e-12);
        Assert.Equal(0.5, MaskPrice.First(Options with { MaskRatioWeight = 0.5 }, saving));
        Assert.Equal(0.5, MaskPrice.First(Options with { MaskRatioWeight = 0.5 }, saving: null));
        Assert.Equal("a rationale saves 1.000 nat, averaged over its quarters (without 4.00 3.00 4.00 4.00, with it 4.00 3.50 3.00 1.00)", saving.ToString());
    }

    [Fact]
    public void The_keep_rate_that_is_free_belongs_to_the_price_that_follows_the_saving()
    {
        Assert.Equal(0.25, new TokenWeightingOptions().FreeRate);
        Assert.Null(new TokenWeightingOptions { MaskRatioWeight = 0.5 }.FreeRate);
        Assert.Equal(0.1, new TokenWeightingOptions { MaskRatioWeight = 0.5, FreeKeepRate = 0.1 }.FreeRate);
    }

    [Fact]
    public void It_rises_from_keep_all_and_falls_from_keep_none_and_then_closes_in()
    {
        var (all, none) = (Attempt(1, WeightFault.KeepsAll, 0.97), Attempt(1.6, WeightFault.KeepsNone, 0.01));
        Assert.Equal(1.6, MaskPrice.Next(Options, [all])!.Value, 1e-12);
        Assert.Equal(1, MaskPrice.Next(Options, [none])!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(1.6), MaskPrice.Next(Options, [all, none])!.Value, 1e-12);

        // Between 1.26 (too low) and 1.6 (too high); what lies further out does not matter any more.
        var between = Attempt(1.26, WeightFault.KeepsAll, 0.96);
        Assert.Equal(Math.Sqrt(1.26 * 1.6), MaskPrice.Next(Options, [all, Attempt(2.6, WeightFault.KeepsNone, 0), none, between])!.Value, 1e-12);
    }

    [Theory]
    [InlineData(WeightFault.NoSpread, 0.9, true)]
    [InlineData(WeightFault.NoSpread, 0.1, false)]
    [InlineData(WeightFault.NoBetterThanChance, 0.6, true)]
    [InlineData(WeightFault.NoBetterThanChance, 0.4, false)]
    [InlineData(WeightFault.TellsNothing, 0.6, false)]
    public void Other_faults_move_it_towards_the_middle(WeightFault fault, double mean, bool rises) =>
        Assert.Equal(rises ? 1.6 : 1 / 1.6, MaskPrice.Next(Options, [Attempt(1, fault, mean)])!.Value, 1e-12);

    [Fact]
    public void It_is_moved_a_bounded_number_of_times_and_a_constant_never()
    {
        var attempt = Attempt(1, WeightFault.KeepsAll, 0.97);
        Assert.NotNull(MaskPrice.Next(Options, [attempt, attempt, attempt, attempt, attempt]));
        Assert.Null(MaskPrice.Next(Options, [attempt, attempt, attempt, attempt, attempt, attempt]));
        Assert.Null(MaskPrice.Next(Options with { PriceMoves = 0 }, [attempt]));
        Assert.Null(MaskPrice.Next(Options with { MaskRatioWeight = 1 }, [attempt]));
    }

    private static PriceAttempt Attempt(double price, WeightFault fault, double mean) => new(price, mean, fault);
}

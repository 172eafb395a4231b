using Kpod.Evaluation.Statistics;

namespace Kpod.Tests.Evaluation.Statistics;

public sealed class PermutationTestTests
{
    // By hand: three questions that only the first answers, one that both do. Of the patterns of three signs, +++ and --- are as extreme: 2 of 8.
    [Fact]
    public void The_share_of_sign_patterns_that_are_at_least_as_extreme_is_p()
    {
        var differences = QuestionDifferences.Of([[true, true, true, true]], [[false, false, false, true]]);
        Assert.Equal(0.25, PermutationTest.Of(differences, 1).PValue);
        Assert.Null(PermutationTest.Of(differences, 1).Draws);
        Assert.Equal(0.75, differences.Mean);
    }

    // By hand: 2/3 less 0, and 0 less 1/2.
    [Fact]
    public void Seeds_are_averaged_within_a_question_also_when_their_numbers_differ()
    {
        var differences = QuestionDifferences.Of([[true, false], [true, false], [false, false]], [[false, true], [false, false]]);
        Assert.Equal([0.666666666667, -0.5], differences.Values.Select(value => Math.Round(value, 12)));
        Assert.Equal((2 / 3.0 - 0.5) / 2, differences.Mean, 1e-15);
        Assert.Equal(7 / 6.0 / Math.Sqrt(2), differences.StandardDeviation, 1e-12);
        Assert.Equal(7 / 12.0 / Math.Sqrt(2), differences.StandardError, 1e-12);
    }

    [Fact]
    public void Counting_sums_is_enumerating_patterns()
    {
        var random = new Random(3);
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var differences = QuestionDifferences.Of(Outcomes(random, 3, 11), Outcomes(random, 2, 11));
            var observed = Math.Abs(differences.Numerators.Sum());
            var hits = Enumerable.Range(0, 1 << 11).Count(pattern => Math.Abs(Enumerable.Range(0, 11).Sum(question => ((pattern >> question) & 1) == 0 ? differences.Numerators[question] : -differences.Numerators[question])) >= observed);
            Assert.Equal(hits / 2048.0, PermutationTest.Counted(differences).PValue, 1e-13);
        }
    }

    [Fact]
    public void Drawn_patterns_come_near_to_the_counted_value_and_are_the_same_again()
    {
        var differences = QuestionDifferences.Of(Outcomes(new Random(1), 3, 200), Outcomes(new Random(2), 3, 200));
        var (counted, drawn) = (PermutationTest.Counted(differences).PValue, PermutationTest.Drawn(differences, 20_000, 1));
        Assert.InRange(drawn.PValue, counted - (5 * Math.Sqrt(counted * (1 - counted) / 20_000)), counted + (5 * Math.Sqrt(counted * (1 - counted) / 20_000)) + 1e-4);
        Assert.Equal(drawn, PermutationTest.Drawn(differences, 20_000, 1));
        Assert.Equal(20_000, drawn.Draws);

        // None of ten draws can be as extreme as forty equal signs: (0 + 1) / (10 + 1).
        Assert.Equal(1 / 11.0, PermutationTest.Drawn(QuestionDifferences.Of([[.. Enumerable.Repeat(true, 40)]], [[.. Enumerable.Repeat(false, 40)]]), 10, 1).PValue);
    }

    // One method under other seeds, compared with itself: each question has its own chance to be answered, and only chance differs. Rejections of 600 at 5 %: 30 expected, deviation 5.3; the test is exact, so no more.
    [Fact]
    public void A_method_against_itself_is_called_different_at_the_stated_rate()
    {
        const int Repeats = 600;
        var random = new Random(11);
        var (rejected, naive) = (0, 0);
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            double[] chances = [.. Enumerable.Range(0, 80).Select(_ => random.NextDouble())];
            bool[][] Seeds(int count) => [.. Enumerable.Range(0, count).Select(_ => chances.Select(chance => random.NextDouble() < chance).ToArray())];
            var test = PermutationTest.Of(QuestionDifferences.Of(Seeds(3), Seeds(3)), 1);
            rejected += test.PValue <= 0.05 ? 1 : 0;
            naive += test.PValue <= 0.2 ? 1 : 0;
        }

        Assert.InRange(rejected, 30 - 16, 30 + 16);
        Assert.InRange(naive, 120 - 30, 120 + 30);
    }

    [Fact]
    public void A_true_difference_of_the_smallest_size_is_found_about_as_often_as_it_says()
    {
        const int Repeats = 400;
        var random = new Random(5);
        var smallest = SmallestDifference.Of(0.7, 100); // coin against coin: the deviation of a difference is 0.707
        var found = Enumerable.Range(0, Repeats).Count(_ =>
        {
            bool[] Run(double chance) => [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble() < chance)];
            return PermutationTest.Of(QuestionDifferences.Of([Run(0.5 + (smallest / 2))], [Run(0.5 - (smallest / 2))]), 1).PValue <= 0.05;
        });
        Assert.InRange(found / (double)Repeats, 0.7, 0.88);
    }

    [Fact]
    public void Runs_on_other_numbers_of_questions_cannot_be_paired()
    {
        Assert.Throws<ArgumentException>(() => QuestionDifferences.Of([[true, false]], [[true]]));
        Assert.Throws<ArgumentException>(() => QuestionDifferences.Of([], [[true]]));
        Assert.Throws<ArgumentException>(() => QuestionDifferences.Of([[]], [[]]));
    }

    private static bool[][] Outcomes(Random random, int seeds, int questions) => [.. Enumerable.Range(0, seeds).Select(_ => Enumerable.Range(0, questions).Select(_ => random.Next(2) == 0).ToArray())];
}

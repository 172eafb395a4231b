using System.Globalization;
using Kpod.Evaluation;
using Kpod.Evaluation.Statistics;
using Kpod.Verification.Recorded;

namespace Kpod.Verification.References.Methods;

/// <summary>The statistics of a table: intervals, tests, corrections, votes, leakage.</summary>
internal static class StatisticsReference
{
    private const int Draws = 40_000;
    private const long Seed = 1;

    /// <summary>Checks the file.</summary>
    public static void Check(MethodQuantities quantities, RecordedValue root, MethodModels models)
    {
        foreach (var recorded in root["wilson"].Items())
        {
            var interval = WilsonInterval.Of(recorded["correct"].Integer(), recorded["n"].Integer(), recorded["level"].Number());
            quantities.Double("wilson", [recorded["z"].Number(), recorded["lower"].Number(), recorded["upper"].Number()], [NormalQuantile.Of((1 + recorded["level"].Number()) / 2), interval.Low, interval.High]);
        }

        foreach (var recorded in root["mcnemar"].Items())
        {
            quantities.Double("mcnemar", [recorded["p"].Number()], [new PairedComparison(0, recorded["only_first_right"].Integer(), recorded["only_second_right"].Integer(), 0).PValue]);
        }

        foreach (var recorded in root["holm"].Items())
        {
            var adjusted = HolmCorrection.Adjust(recorded["p"].Numbers());
            quantities.Double("holm: adjusted", recorded["adjusted"].Numbers(), adjusted);
            quantities.Same("holm: rejected_at_05", recorded.Place, recorded["rejected_at_05"].Items().Select(item => item.Flag()), adjusted.Select(p => p <= 0.05));
        }

        foreach (var recorded in root["permutation"].Items())
        {
            CheckPermutation(quantities, recorded, recorded["expected"]);
        }

        foreach (var recorded in root["bootstrap"].Items())
        {
            CheckBootstrap(quantities, recorded);
        }

        foreach (var recorded in root["smallest_difference"].Items())
        {
            CheckSmallest(quantities, recorded);
        }

        CheckMajority(quantities, root["majority"]);
        CheckLeakage(quantities, root["leakage"]);
    }

    private static void CheckPermutation(MethodQuantities quantities, RecordedValue recorded, RecordedValue expected)
    {
        var (first, second) = (Outcomes(recorded["first"]), Outcomes(recorded["second"]));
        var differences = QuestionDifferences.Of(first, second);
        var test = PermutationTest.Of(differences, Seed);
        quantities.Double("permutation: first_mean_by_question", expected["first_mean_by_question"].Numbers(), [.. differences.First]);
        quantities.Double("permutation: second_mean_by_question", expected["second_mean_by_question"].Numbers(), [.. differences.Second]);
        quantities.Double("permutation: difference_by_question", expected["difference_by_question"].Numbers(), [.. differences.Values]);
        quantities.Double("permutation: accuracies", [expected["first_accuracy"].Number(), expected["second_accuracy"].Number()], [differences.First.Average(), differences.Second.Average()]);
        quantities.Double("permutation: mean_difference", [expected["mean_difference"].Number()], [differences.Mean]);
        quantities.Double("permutation: p", [expected["p"].Number()], [test.PValue]);
        quantities.Double("permutation: at_least_as_extreme", [expected["at_least_as_extreme"].Number()], [test.PValue * expected["assignments"].Number()]);
        quantities.Double("permutation: bootstrap_mean", [expected["bootstrap_mean"].Number()], [differences.Mean]);
        quantities.Double("permutation: bootstrap_standard_error", [expected["bootstrap_standard_error"].Number()], [differences.StandardError]);

        // Drawn patterns come as near to the exact value as chance lets them: five deviations.
        var (p, drawn) = (expected["p"].Number(), PermutationTest.Drawn(differences, Draws, Seed).PValue);
        quantities.Same("permutation: drawn", recorded.Place, "near", Math.Abs(drawn - p) <= (5 * Math.Sqrt(p * (1 - p) / Draws)) + (1.0 / Draws) ? "near" : drawn.ToString(CultureInfo.InvariantCulture));
        CheckInterval(quantities, recorded, differences, QuestionDifferences.Of(second, first));
    }

    private static void CheckInterval(MethodQuantities quantities, RecordedValue recorded, QuestionDifferences differences, QuestionDifferences exchanged)
    {
        var (interval, other) = (BootstrapInterval.Of(differences, Seed), BootstrapInterval.Of(exchanged, Seed));
        quantities.Double("bootstrap: exchanged systems", [-other.High, -other.Low], [interval.Low, interval.High]);
        var means = BootstrapInterval.Means(differences, Seed, Draws);
        var error = recorded["expected"]["bootstrap_standard_error"].Number();
        quantities.Same("bootstrap: resampled mean", recorded.Place, "near", Math.Abs(means.Average() - recorded["expected"]["bootstrap_mean"].Number()) <= (5 * error / Math.Sqrt(Draws)) + 1e-12 ? "near" : means.Average().ToString(CultureInfo.InvariantCulture));
    }

    // The differences are recorded as numbers; in twentieths they are those of outcomes.
    private static void CheckBootstrap(MethodQuantities quantities, RecordedValue recorded)
    {
        var values = recorded["difference_by_question"].Numbers();
        var differences = OfValues(values, recorded);
        quantities.Double("bootstrap: mean", [recorded["mean"].Number()], [differences.Mean]);
        quantities.Double("bootstrap: standard_error", [recorded["standard_error"].Number()], [differences.StandardError]);
        double[][] distribution = [.. recorded["distribution"].Items().Select(item => item.Numbers())];
        var exact = Resamples(values.Length).GroupBy(questions => Math.Round(BootstrapInterval.Mean(differences, questions), 12)).OrderBy(group => group.Key).ToArray();
        quantities.Double("bootstrap: distribution", [.. distribution.SelectMany(item => item)], [.. exact.SelectMany(group => new[] { group.Key, group.Count() / Math.Pow(values.Length, values.Length) })]);
        var means = BootstrapInterval.Means(differences, Seed, Draws);
        var far = distribution.Where(item => Math.Abs((means.Count(mean => Math.Abs(mean - item[0]) < 1e-9) / (double)Draws) - item[1]) > (5 * Math.Sqrt(item[1] * (1 - item[1]) / Draws)) + 1e-12);
        quantities.Same("bootstrap: drawn", recorded.Place, string.Empty, string.Join(' ', far.Select(item => item[0])));
        var interval = BootstrapInterval.Of(differences, Seed);
        quantities.Same("bootstrap: width", recorded.Place, [values.Distinct().Count() == 1], [interval.Low == interval.High]);
    }

    // Every way to draw as many questions as there are.
    private static IEnumerable<int[]> Resamples(int questions) =>
        Enumerable.Range(0, (int)Math.Pow(questions, questions)).Select(number => Enumerable.Range(0, questions).Select(place => number / (int)Math.Pow(questions, place) % questions).ToArray());

    private static QuestionDifferences OfValues(double[] values, RecordedValue place)
    {
        const int Seeds = 20;
        int[] counts = [.. values.Select(value => (int)Math.Round(value * Seeds))];
        if (values.Zip(counts).Any(pair => Math.Abs(pair.First - ((double)pair.Second / Seeds)) > 1e-12))
        {
            throw place["difference_by_question"].Wrong("holds a difference that is no number of twentieths");
        }

        bool[][] Side(int sign) => [.. Enumerable.Range(0, Seeds).Select(seed => counts.Select(count => seed < sign * count).ToArray())];
        return QuestionDifferences.Of(Side(1), Side(-1));
    }

    private static void CheckSmallest(MethodQuantities quantities, RecordedValue recorded)
    {
        var (level, power, questions) = (recorded["alpha"].Number(), recorded["power"].Number(), recorded["questions"].Integer());
        quantities.Double("smallest_difference: z", [recorded["z_alpha"].Number(), recorded["z_power"].Number()], [NormalQuantile.Of(1 - (level / 2)), NormalQuantile.Of(power)]);
        quantities.Double("smallest_difference", [recorded["smallest_difference"].Number()], [SmallestDifference.Of(recorded["standard_deviation"].Number(), questions, level, power)]);
        if (recorded.Find("difference_by_question") is { } differences)
        {
            var values = differences.Numbers();
            var mean = values.Average();
            quantities.Double("smallest_difference: standard_deviation", [recorded["standard_deviation"].Number()], [Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1))]);
        }
    }

    private static void CheckMajority(MethodQuantities quantities, RecordedValue recorded)
    {
        var questions = recorded["questions"].Items().Select(question => (Question: question, Gold: question["gold"].Text(), Answers: (IReadOnlyList<string?>)[.. question["answers"].Items().Select(answer => answer.TextOrNull())])).ToArray();
        foreach (var (question, _, answers) in questions)
        {
            foreach (var vote in question["majority"].Element.EnumerateObject())
            {
                quantities.Same("majority", question["majority"][vote.Name].Place, question["majority"][vote.Name].TextOrNull() ?? "none", MajorityVote.Of(answers.Take(int.Parse(vote.Name, CultureInfo.InvariantCulture))) ?? "none");
            }
        }

        foreach (var expected in recorded["by_k"].Items())
        {
            var right = MajorityVote.Right(questions.Select(question => (question.Gold, question.Answers)), expected["k"].Integer());
            var interval = WilsonInterval.Of(right, questions.Length);
            quantities.Same("majority: by_k", expected.Place, [expected["right"].Integer(), expected["n"].Integer()], [right, questions.Length]);
            quantities.Double("majority: accuracy", [expected["accuracy"].Number(), expected["wilson_lower"].Number(), expected["wilson_upper"].Number()], [(double)right / questions.Length, interval.Low, interval.High]);
        }
    }

    private static void CheckLeakage(MethodQuantities quantities, RecordedValue recorded)
    {
        string[] Texts(string key) => [.. recorded[key].Items().Select(item => item.Text())];
        var leakage = Leakage.Of(Texts("train"), Texts("test"));
        quantities.Same("leakage: masked", recorded.Place, string.Join('\n', Texts("masked_train").Concat(Texts("masked_test"))), string.Join('\n', Texts("train").Concat(Texts("test")).Select(Leakage.Mask)));
        quantities.Same("leakage: twins", recorded.Place, Rows(recorded["twins"].Items().Select(item => item.Integers())), Rows(leakage.Twins));
        quantities.Same("leakage: exact", recorded.Place, Rows(recorded["exact"].Items().Select(item => item.Integers())), Rows(leakage.Copies));
        quantities.Double("leakage: share", [recorded["share"].Number()], [leakage.Share]);
        quantities.Same("leakage: counts", recorded.Place, [recorded["test_questions_with_a_twin"].Integer(), recorded["test_questions_with_an_exact_copy"].Integer()], [leakage.Twins.Count(twins => twins.Count > 0), leakage.Copies.Count(copies => copies.Count > 0)]);
    }

    private static bool[][] Outcomes(RecordedValue seeds) => [.. seeds.Items().Select(seed => seed.Integers().Select(outcome => outcome == 1).ToArray())];

    private static string Rows(IEnumerable<IEnumerable<int>> rows) => string.Join('\n', rows.Select(row => string.Join(' ', row)));
}

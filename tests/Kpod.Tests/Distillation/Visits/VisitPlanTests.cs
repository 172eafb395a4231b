using Kpod.Distillation.Options;
using Kpod.Distillation.Visits;

namespace Kpod.Tests.Distillation.Visits;

public sealed class VisitPlanTests
{
    // 11 questions; question k has k % 3 + 1 rationales.
    private static readonly DistillationItem[] All =
        [.. Enumerable.Range(0, 11).SelectMany(question => Enumerable.Range(0, (question % 3) + 1).Select(sample => Items.Make($"q{question}", sample, [5, 6], [2])))];

    private static readonly DistillationOptions Options = new() { Epochs = 6, BatchSize = 2, AccumulationSteps = 2 };

    [Fact]
    public void An_epoch_visits_each_question_once_and_every_rationale_in_turn()
    {
        var plan = new VisitPlan(All, Options, stagesPerEpoch: 1, seed: 3);
        Assert.Equal((3, 18), (plan.StepsPerEpoch, plan.TotalSteps));
        var visits = new int[All.Length];
        for (var epoch = 0; epoch < Options.Epochs; epoch++)
        {
            var visited = Enumerable.Range(epoch * 3, 3).SelectMany(step => plan.At(step).MicroBatches.SelectMany(batch => batch)).ToArray();
            Assert.Equal(11, visited.Select(item => All[item].Rationale.QuestionId).Distinct().Count());
            Assert.Equal(11, visited.Length);
            Array.ForEach(visited, item => visits[item]++);
        }

        Assert.Equal(All.Select(item => 6 / ((int.Parse(item.Rationale.QuestionId[1..], System.Globalization.CultureInfo.InvariantCulture) % 3) + 1)), visits);
    }

    [Fact]
    public void Stages_share_an_epoch_in_order()
    {
        var plan = new VisitPlan(All, Options, stagesPerEpoch: 3, seed: 3);
        Assert.Equal([1, 2, 3, 4, 5, 6], Enumerable.Range(0, 6).Select(step => plan.At(step).Stage));
        Assert.Equal([1, 1, 1, 2, 2, 2], Enumerable.Range(0, 6).Select(step => plan.At(step).Epoch));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    public void The_order_of_visits_is_the_same_for_every_number_of_stages_an_epoch(int stagesPerEpoch)
    {
        var (one, more) = (new VisitPlan(All, Options, stagesPerEpoch: 1, seed: 3), new VisitPlan(All, Options, stagesPerEpoch, seed: 3));
        Assert.Equal(one.TotalSteps, more.TotalSteps);
        Assert.All(Enumerable.Range(0, (int)one.TotalSteps), step => Assert.Equal(one.At(step).MicroBatches, more.At(step).MicroBatches));
    }

    [Fact]
    public void Batches_are_of_like_length()
    {
        var random = new Random(2);
        DistillationItem[] items = [.. Enumerable.Range(0, 160).Select(question => Items.Make($"q{question}", 0, [.. Enumerable.Range(0, random.Next(5, 105))], [2]))];
        var plan = new VisitPlan(items, new DistillationOptions { Epochs = 2, BatchSize = 4 }, stagesPerEpoch: 3, seed: 3);
        int[] spreads = [.. Enumerable.Range(0, (int)plan.TotalSteps).Select(step => plan.At(step).MicroBatches[0].Select(item => items[item].Rationale.Length).ToArray()).Select(lengths => lengths.Max() - lengths.Min())];

        // Four of 100 lengths drawn at random differ by 60 on average; four neighbours of 32 sorted ones by about 9.
        Assert.True(spreads.Average() < 15, $"lengths within a batch differ by {spreads.Average():0.0} on average");
    }

    [Fact]
    public void The_order_follows_from_the_seed_and_does_not_depend_on_where_it_is_entered()
    {
        var whole = new VisitPlan(All, Options, 1, seed: 3);
        var resumed = new VisitPlan(All, Options, 1, seed: 3);
        var other = new VisitPlan(All, Options, 1, seed: 4);
        int[] Order(VisitPlan plan, int from) => [.. Enumerable.Range(from, 18 - from).SelectMany(step => plan.At(step).MicroBatches.SelectMany(batch => batch))];
        Assert.Equal(Order(whole, 0)[^Order(resumed, 7).Length..], Order(resumed, 7));
        Assert.NotEqual(Order(whole, 0), Order(other, 0));
    }
}

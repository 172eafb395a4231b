using System.Globalization;
using Kpod.Quickstart.WordProblems;

namespace Kpod.Quickstart.Tests.WordProblems;

public sealed class WordProblemTests
{
    [Fact]
    public void Splits_share_no_question_and_no_number_pattern_and_hold_one_to_five_steps()
    {
        var splits = new WordProblemGenerator(3).Draw(200, 40, 40);
        Assert.Equal((200, 40, 40), (splits.Train.Count, splits.Validation.Count, splits.Test.Count));
        WordProblem[] all = [.. splits.Train, .. splits.Validation, .. splits.Test];
        Assert.Equal(all.Length, all.Select(problem => problem.Question).Distinct().Count());
        Assert.Equal(all.Length, all.Select(problem => problem.Id).Distinct().Count());
        Assert.Empty(splits.Train.Select(problem => problem.NumberPattern).Intersect(splits.Test.Concat(splits.Validation).Select(problem => problem.NumberPattern)));
        Assert.Empty(splits.Validation.Select(problem => problem.NumberPattern).Intersect(splits.Test.Select(problem => problem.NumberPattern)));
        Assert.Equal([1, 2, 3, 4, 5], splits.Test.Select(problem => problem.Steps.Count).Distinct().Order());
    }

    [Fact]
    public void Every_calculation_starts_from_the_result_before_it_and_is_right()
    {
        foreach (var problem in new WordProblemGenerator(5).Draw(150, 1, 1).Train)
        {
            foreach (var (before, step) in problem.Steps.Zip(problem.Steps.Skip(1)))
            {
                Assert.Equal(before.Result, step.Left);
            }

            Assert.All(problem.Steps, step => Assert.Equal(step, ArithmeticStep.Calculate(step.Operation, step.Left, step.Right)));
            Assert.All(problem.Steps, step => Assert.InRange(step.Result, ArithmeticChain.Smallest, ArithmeticChain.Largest));
            Assert.Equal(problem.Answer, problem.Steps[^1].Result.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_problems_and_another_seed_others()
    {
        string[] Draw(long seed) => [.. new WordProblemGenerator(seed).Draw(20, 5, 5).Train.Select(problem => problem.Question)];
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }
}

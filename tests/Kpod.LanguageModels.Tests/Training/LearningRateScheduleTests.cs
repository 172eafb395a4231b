using Kpod.LanguageModels.Training;

namespace Kpod.LanguageModels.Tests.Training;

public sealed class LearningRateScheduleTests
{
    // By hand: warm-up over 4 of 12 steps, so that 8 remain. The courses of the reference are held to in ModelVerificationTests.
    [Theory]
    [InlineData(LearningRateCourse.Constant, 0, 0)]
    [InlineData(LearningRateCourse.Constant, 1, 0.25)]
    [InlineData(LearningRateCourse.Constant, 11, 1)]
    [InlineData(LearningRateCourse.Linear, 4, 1)]
    [InlineData(LearningRateCourse.Linear, 6, 0.75)]
    [InlineData(LearningRateCourse.Linear, 12, 0)]
    [InlineData(LearningRateCourse.Linear, 13, 0)]
    [InlineData(LearningRateCourse.Cosine, 4, 1)]
    [InlineData(LearningRateCourse.Cosine, 8, 0.5)]
    [InlineData(LearningRateCourse.Cosine, 12, 0)]
    public void The_rate_rises_in_the_warm_up_and_then_takes_its_course(LearningRateCourse course, long step, double expected) =>
        Assert.Equal(expected, LearningRateSchedule.Multiplier(course, step, warmUpSteps: 4, totalSteps: 12), 12);
}

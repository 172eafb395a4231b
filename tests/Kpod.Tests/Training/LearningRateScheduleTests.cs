using System.Text.Json;
using Kpod.Testing;
using Kpod.Training;

namespace Kpod.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData("constant", LearningRateCourse.Constant)]
    [InlineData("linear", LearningRateCourse.Linear)]
    [InlineData("cosine", LearningRateCourse.Cosine)]
    public void Multipliers_are_those_of_the_reference_up_to_the_last_step(string name, LearningRateCourse course)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("fixtures", "models", "optimizer_schedules.json")));
        var property = document.RootElement.EnumerateObject().First(entry => entry.Name.Contains(name, StringComparison.Ordinal));
        var list = property.Value.ValueKind == JsonValueKind.Array ? property.Value : property.Value.EnumerateObject().First(entry => entry.Value.ValueKind == JsonValueKind.Array).Value;
        var expected = list.EnumerateArray().Select(value => value.GetDouble()).ToArray();
        for (var step = 0; step <= 40; step++)
        {
            Assert.Equal(expected[step], LearningRateSchedule.Multiplier(course, step, warmUpSteps: 5, totalSteps: 40), 12);
        }
    }
}

using Kpod.Reports.Records;

namespace Kpod.Tests.Reports;

/// <summary>Puts a hostile text into every place of a run's records that holds text of the user's or of a model's.</summary>
internal static class DemoHostility
{
    public static RunReportData Spread(RunReportData data, string hostile)
    {
        ReportFact[] facts = [new(hostile, hostile)];
        return data with
        {
            Name = hostile,
            Student = facts,
            Data = facts,
            Training = facts,
            Environment = facts,
            Accuracies = [.. data.Accuracies.Select(row => row with { Name = hostile, Split = hostile, Extraction = hostile })],
            Questions = [.. data.Questions.Select(question => question with { Text = hostile, Answer = hostile })],
            RationaleSummary = data.RationaleSummary! with
            {
                Dropped = new Dictionary<string, int> { [hostile] = 3 },
                Quality = data.RationaleSummary!.Quality! with { Teachers = [data.RationaleSummary!.Quality!.Teachers[0] with { Teacher = hostile, Currency = hostile }] },
            },
            Rationales = [.. data.Rationales.Select(rationale => rationale with { Text = hostile + rationale.Text, Teacher = hostile })],
            TokenWeightSource = hostile,
            TokenWeights = [.. data.TokenWeights!.Select(item => item with { Tokens = [.. item.Tokens.Select(token => token with { Text = hostile })] })],
            Difficulties = [.. data.Difficulties!.Select(item => item)],
            Schedule = data.Schedule! with { Warnings = [hostile] },
            Generations = [.. data.Generations.Select(example => example with { QuestionId = hostile, Split = hostile, Question = hostile, GoldAnswer = hostile, Text = hostile, ExtractedAnswer = hostile })],
            StageTimes = [new StageTime(hostile, 3, hostile)],
            RecipeText = hostile,
            RecipeValues = new Dictionary<string, string> { [hostile] = hostile },
            Warnings = [hostile],
        };
    }
}

using Kpod.Datasets.Answers;
using Kpod.Datasets.Questions;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;

namespace Kpod.Verification.References;

/// <summary>Holds answer extraction against recorded cases: judged by hand, or computed by lm-evaluation-harness.</summary>
internal static class AnswerCases
{
    private static readonly (string Name, Func<string, string> Filter)[] Harness =
        [("strict", HarnessFilter.Strict), ("flexible", HarnessFilter.Flexible), ("cot_strict", HarnessFilter.CotStrict)];

    /// <summary>Checks every case of a file; the two kinds are told apart by their fields.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="path">The file.</param>
    public static void Check(ReportBuilder report, string path)
    {
        var lines = RecordedValue.ReadLines(path);
        var file = Path.GetFileName(path);
        var judged = lines.Where(line => line.Has("extracted")).ToArray();
        var filtered = lines.Where(line => Harness.Any(filter => line.Has(filter.Name))).ToArray();
        if (lines.FirstOrDefault(line => !judged.Contains(line) && !filtered.Contains(line)) is { Place: { } } unknown)
        {
            throw unknown.Wrong("has neither 'extracted' nor 'strict', 'flexible' or 'cot_strict', so that there is nothing to compare");
        }

        if (judged.Length > 0)
        {
            CheckJudged(report, file, judged);
        }

        foreach (var (name, filter) in Harness)
        {
            CheckFilter(report, file, [.. filtered.Where(line => line.Has(name))], name, filter);
        }
    }

    private static void CheckJudged(ReportBuilder report, string file, RecordedValue[] lines)
    {
        var computed = lines.Select(line =>
        {
            var question = QuestionOf(line);
            var format = AnswerFormat.Of(question);
            var extracted = AnswerExtractor.Flexible(line["text"].Text(), format);
            return (Text: extracted?.Text, IsCorrect: AnswerMatcher.Matches(extracted?.Text, question.Answer, format));
        }).ToArray();
        report.CompareExactly(file, "extracted", [.. lines.Select(line => line["extracted"].TextOrNull() ?? "nothing")], [.. computed.Select(one => one.Text ?? "nothing")], Place);
        var verdicts = lines.Select((line, index) => (line, index)).Where(pair => pair.line.Has("is_correct")).ToArray();
        report.CompareExactly(file, "is_correct", [.. verdicts.Select(pair => pair.line["is_correct"].Flag())], [.. verdicts.Select(pair => computed[pair.index].IsCorrect)], index => Place(verdicts[index].index));

        string Place(int index) => $"{lines[index].Place}: {lines[index]["text"].Element.GetRawText()}";
    }

    private static void CheckFilter(ReportBuilder report, string file, RecordedValue[] lines, string name, Func<string, string> filter)
    {
        if (lines.Length == 0)
        {
            return;
        }

        string[] found = [.. lines.Select(line => filter(line["text"].Text()))];
        report.CompareExactly(file, name, [.. lines.Select(line => line[name].Text())], found, index => lines[index].Place);
        var matched = lines.Select((line, index) => (line, index)).Where(pair => pair.line.Has($"{name}_match")).ToArray();
        report.CompareExactly(
            file,
            $"{name}_match",
            [.. matched.Select(pair => pair.line[$"{name}_match"].Number())],
            [.. matched.Select(pair => HarnessFilter.ExactMatch(found[pair.index], pair.line["reference"].Text()) ? 1.0 : 0.0)],
            index => matched[index].line.Place);
    }

    private static Question QuestionOf(RecordedValue line) => new()
    {
        Id = line.Place,
        Text = string.Empty,
        Answer = line["gold"].Text(),
        Choices = line.Find("choices") is { } choices ? choices.Element.EnumerateObject().ToDictionary(choice => choice.Name, choice => choices[choice.Name].Text(), StringComparer.Ordinal) : null,
    };
}

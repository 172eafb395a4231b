using Kpod.LanguageModels.Training;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;

namespace Kpod.Verification.References;

/// <summary>Holds the courses of the learning rate against an <c>optimizer_schedules.json</c>.</summary>
internal static class LearningRateReference
{
    /// <summary>Name of the file, which lies in the reference's folder or beside it.</summary>
    public const string FileName = "optimizer_schedules.json";

    private static readonly (string Key, LearningRateCourse Course)[] Courses =
    [
        ("constant_with_warmup", LearningRateCourse.Constant),
        ("linear_with_warmup", LearningRateCourse.Linear),
        ("cosine_with_warmup", LearningRateCourse.Cosine),
    ];

    private static readonly string[] OtherKeys = ["warmup_steps", "total_steps", "versions", "note"];

    /// <summary>Checks a file.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="path">The file.</param>
    public static void Check(ReportBuilder report, string path)
    {
        var root = RecordedValue.Read(path);
        var (warmUp, total) = (root["warmup_steps"].Integer(), root["total_steps"].Integer());
        foreach (var (key, course) in Courses.Where(pair => root.Has(pair.Key)))
        {
            var recorded = root[key].Numbers();
            report.Compare(FileName, key, recorded, [.. recorded.Select((_, step) => LearningRateSchedule.Multiplier(course, step, warmUp, total))], report.DoubleTolerance);
        }

        foreach (var key in root.Element.EnumerateObject().Select(property => property.Name).Where(key => !OtherKeys.Contains(key) && !Courses.Any(course => course.Key == key)))
        {
            report.NotChecked(FileName, key, "no such course of the learning rate is known here");
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Kpod.LanguageModels.Native;
using Kpod.Verification;
using Kpod.Verification.Results;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod verify</c>: holds our numbers against recorded ones.</summary>
internal static class VerifyCommand
{
    public static Command Make()
    {
        var subjects = new VerifySubjects();
        var tolerance = new Option<double>("--tolerance") { Description = "Largest max|a - b| / max|b| per tensor that is right.", DefaultValueFactory = _ => new VerificationOptions().Tolerance };
        var device = new Option<string>("--device") { Description = "Where models compute.", DefaultValueFactory = _ => "cpu" };
        device.AcceptOnlyFromAmong("cpu", "cuda");
        var json = StageVerb.Json();
        var command = new Command("verify", "Holds our numbers against those that a reference implementation recorded; exit code 1 where one is off.");
        subjects.AddTo(command);
        command.Add(tolerance);
        command.Add(device);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var options = new VerificationOptions { Tolerance = parsed.GetValue(tolerance), Device = Enum.Parse<ComputeDevice>(parsed.GetValue(device)!, ignoreCase: true) };
            var report = subjects.Verify(parsed, options);
            new Figures(Summary(report), console => Draw(console, report)).Show(parsed.GetValue(json));
            return report.Passed ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static object Summary(VerificationReport report) => new
    {
        Verdict = Verdict(report),
        report.Tolerance,
        LargestDifference = report.Largest?.Difference,
        LargestIn = report.Largest is { } largest ? $"{largest.File}: {largest.Name}" : null,
        Checked = report.Checks.Count,
        Failed = report.Checks.Where(check => !check.Passed).Select(check => $"{check.File}: {check.Name}").ToArray(),
        report.Checks,
        report.NotChecked,
    };

    private static string Verdict(VerificationReport report) => report.Passed ? "passed" : "failed";

    // Plain lines, so that they can be searched: a model with adapters has hundreds.
    private static void Draw(IAnsiConsole console, VerificationReport report)
    {
        var output = Console.Out;
        foreach (var file in report.Checks.GroupBy(check => check.File))
        {
            output.WriteLine(file.Key);
            foreach (var check in file)
            {
                output.WriteLine($"  {(check.Passed ? "ok  " : "OFF ")} {Difference(check),-12} {check.Name}{(check.Detail is null ? string.Empty : $"  ({check.Detail})")}");
            }
        }

        foreach (var item in report.NotChecked)
        {
            output.WriteLine($"not checked: {item.File}: {item.Name}: {item.Reason}");
        }

        var off = report.Checks.Count(check => !check.Passed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Verdict(report)}: {report.Checks.Count - off} of {report.Checks.Count} checks within their limits (tolerance {report.Tolerance:0.#e-0}), {report.NotChecked.Count} not checked."));
        if (report.Largest is { } largest)
        {
            output.WriteLine($"largest difference: {Difference(largest)} in {largest.File}: {largest.Name}");
        }
    }

    private static string Difference(VerificationCheck check) => check.Measure != DifferenceMeasure.Differing
        ? check.Difference.ToString("0.0e-00", CultureInfo.InvariantCulture)
        : check.Passed ? $"= {check.Values}" : double.IsInfinity(check.Difference) ? "wrong" : check.Difference.ToString("0.##%", CultureInfo.InvariantCulture);
}

using System.CommandLine;
using Kpod.Cli.Display;
using Kpod.Evaluation;
using Kpod.Files;
using Kpod.Recipes;
using Kpod.Reports;
using Kpod.Reports.Records;
using Kpod.Runs;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod compare</c>: joins runs in one table and page.</summary>
internal static class CompareCommand
{
    public static Command Make()
    {
        var inputs = new Argument<string[]>("run") { Description = "Folders of finished runs, or one recipe whose key 'variants' lists what differs; its variants are run first.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--out") { Description = "The page; comparison.html beside the first run unless given.", HelpName = "file" };
        var force = UserPaths.Force();
        var json = StageVerb.Json();
        var command = new Command("compare", "Joins finished runs, or the variants that a recipe lists, in one table and page.") { inputs, output, force };
        var overrides = new RecipeOverrides(command);
        command.Add(json);
        command.SetAction(async (parsed, cancel) =>
        {
            var named = parsed.GetPaths(inputs);
            if (parsed.GetPath(output) is { } page)
            {
                PlaceOf(page, named, parsed.GetValue(force)); // before the variants run
            }

            var runs = named.Count == 1 && File.Exists(named[0])
                ? await RunVariantsAsync(named[0], overrides.Read(parsed), cancel).ConfigureAwait(false)
                : named;
            var title = named.Count == 1 ? Path.GetFileNameWithoutExtension(named[0]) : string.Join(" · ", runs.Select(Path.GetFileName));
            Compare(title, runs, parsed.GetPath(output), parsed.GetValue(force)).Show(parsed.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Writes the page of some runs and gives their figures.</summary>
    public static Figures Compare(string title, IReadOnlyList<string> runs, string? output, bool force = false)
    {
        var page = PlaceOf(output ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(runs[0]))!, "comparison.html"), runs, force);
        foreach (var run in runs)
        {
            RunIntegrity.Check(run);
        }

        var data = runs.Select(RunReport.Read).ToArray();
        ComparisonPage.Write(page, title, data);
        var results = runs.Select((run, index) => new { Run = data[index].Name, data[index].Method, Results = ReadResults(run) }).ToArray();
        var pairs = PairedRuns.Of(data);
        var paired = pairs.Select(pair => new { pair.First, pair.Second, pair.Split, pair.Comparison }).ToArray();
        return new Figures(new { Runs = results, Paired = paired, Report = page }, console =>
        {
            // The base is common to runs of one student; it is shown once.
            var rows = results.SelectMany(run => run.Results.Select(result => (Name: result.Model == "base" ? "base" : run.Run, Result: result)))
                .DistinctBy(row => (row.Name, row.Result.Split, row.Name == "base" ? row.Result.Correct : 0));
            AccuracyDrawing.Draw(console, rows);
            PairedDrawing.Draw(console, pairs);
            Console.Out.WriteLine($"open {page}");
        });
    }

    /// <summary>Where a page goes, checked before any work.</summary>
    public static string PlaceOf(string page, IEnumerable<string> inputs, bool force) => OutputPlace.ForFile(page, "--out", inputs, ComparisonPage.IsOne, force);

    private static IReadOnlyList<EvaluationResult> ReadResults(string run)
    {
        var path = Path.Combine(run, RunFiles.EvaluationSummary);
        return File.Exists(path) ? JsonArtefact.Read<IReadOnlyList<EvaluationResult>>(path) : throw new KpodException($"{run}: has no {RunFiles.EvaluationSummary} yet; finish it with 'kpod run'.");
    }

    private static async Task<string[]> RunVariantsAsync(string recipe, IReadOnlyList<string> overrides, CancellationToken cancel)
    {
        var variants = RecipeDocument.Load(recipe).With(overrides).Variants();
        if (variants.Count == 0)
        {
            throw new KpodException($"{recipe}: lists no variants. Name the folders of finished runs instead, or add the key 'variants'.");
        }

        // All recipes are checked before the first one runs.
        var recipes = variants.Select(KpodRecipe.From).ToArray();
        var folders = new List<string>();
        foreach (var variant in recipes)
        {
            var folder = Path.Combine("runs", variant.Name);
            using var run = await StageVerb.RunAsync(variant, folder, Stage.Report, cancel).ConfigureAwait(false);
            folders.Add(folder);
        }

        return [.. folders];
    }
}

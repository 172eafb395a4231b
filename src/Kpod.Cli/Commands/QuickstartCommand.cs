using System.CommandLine;
using System.Globalization;
using Kpod.Cli.Display;
using Kpod.Files;
using Kpod.Quickstart;
using Kpod.Quickstart.WordProblems;
using Kpod.Reports;
using Kpod.Runs;
using Kpod.TokenWeighting.Weights;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod quickstart</c>: writes an ordinary data set, base and recipes, and runs the ordinary pipeline on them.</summary>
internal static class QuickstartCommand
{
    private const string Pretraining = "pre-training the base";

    public static Command Make()
    {
        var folder = new Option<string>("--folder") { Description = "Where everything is written.", HelpName = "folder", DefaultValueFactory = _ => "quickstart" };
        var family = new Option<string>("--family") { Description = "Architecture of the base and student: llama or t5.", DefaultValueFactory = _ => "llama" };
        family.AcceptOnlyFromAmong("llama", "t5");
        var small = new Option<bool>("--small") { Description = "A tiny size that shows in well under a minute that everything works; its accuracies mean nothing." };
        var seed = new Option<long>("--seed") { Description = "Every use of chance follows from it.", DefaultValueFactory = _ => 1 };
        var force = UserPaths.Force();
        var json = StageVerb.Json();
        var command = new Command("quickstart", "Makes up word problems with a scripted teacher, pre-trains a small base and runs the whole method on them: about four minutes, nothing is downloaded.")
        {
            folder, family, small, seed, force, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new QuickstartOptions
            {
                Family = parsed.GetValue(family) == "t5" ? QuickstartFamily.T5 : QuickstartFamily.Llama,
                Size = parsed.GetValue(small) ? QuickstartSize.Small : QuickstartSize.Full,
                Seed = parsed.GetValue(seed),
            };
            var figures = await RunAsync(parsed.GetRequiredPath(folder), options, parsed.GetValue(force), cancel).ConfigureAwait(false);
            figures.Show(parsed.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<Figures> RunAsync(string folder, QuickstartOptions options, bool force, CancellationToken cancel)
    {
        CompareCommand.PlaceOf(Path.Combine(folder, "comparison.html"), [], force);
        var observer = ConsoleObserver.OnStandardError();
        var started = TimeProvider.System.GetTimestamp();
        observer.OnEvent(new RunEvent(TimeProvider.System.GetUtcNow(), "started", Pretraining));
        var files = QuickstartWriter.Write(folder, options, new BaseProgress(observer), cancel, force);
        var pretrainingSeconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        observer.OnEvent(new RunEvent(TimeProvider.System.GetUtcNow(), files.BaseWasCached ? "kept" : "finished", Pretraining, pretrainingSeconds));

        var kpod = await RunRecipeAsync(files.KpodRecipe, folder, cancel).ConfigureAwait(false);
        var cot = await RunRecipeAsync(files.CotRecipe, folder, cancel).ConfigureAwait(false);
        var weights = JsonArtefact.ReadLines<RationaleTokenWeights>(Path.Combine(kpod.Folder, RunFiles.TokenWeights));
        var areLearned = File.Exists(Path.Combine(kpod.Folder, RunFiles.TokenWeightsSummary));
        var auc = areLearned ? KeypointRecovery.AreaUnderCurve(weights, JsonArtefact.ReadLines<RationaleKeypoints>(files.Keypoints)) : null;
        if (auc is not null)
        {
            // The page once more: only here is it known which tokens are keypoints.
            RunPage.Write(Path.Combine(kpod.Folder, RunFiles.Report), RunReport.Read(kpod.Folder) with { KeypointAuc = auc });
        }

        var comparison = CompareCommand.Compare("quickstart", [kpod.Folder, cot.Folder], Path.Combine(folder, "comparison.html"), force);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        var figures = new
        {
            Comparison = comparison.Value,
            KeypointAuc = auc,
            Seconds = new Dictionary<string, double>([new(Pretraining, pretrainingSeconds), .. kpod.Seconds, new("plain distillation", cot.Seconds["student"])]),
            TotalSeconds = seconds,
            Report = Path.GetFullPath(Path.Combine(kpod.Folder, RunFiles.Report)),
        };
        return new Figures(figures, console =>
        {
            comparison.Draw(console);
            var times = Tables.Make("stage", "seconds");
            foreach (var (name, value) in figures.Seconds)
            {
                times.AddRow(name, value.ToString("0.0", CultureInfo.InvariantCulture));
            }

            console.Write(times);
            Console.Out.WriteLine(auc is null
                ? "Token weights are uniform here: this base does not read rationales well enough for any to be learned."
                : string.Create(CultureInfo.InvariantCulture, $"AUC of the learned weights against the planted keypoints: {auc:0.000} (0.5 is chance)."));
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s in all."));
            Console.Out.WriteLine($"Data, base and recipes are ordinary files in {Path.GetFullPath(folder)}; 'kpod run {files.KpodRecipe}' is what ran.");
            Console.Out.WriteLine($"open {figures.Report}");
        });
    }

    private static async Task<(string Folder, Dictionary<string, double> Seconds)> RunRecipeAsync(string path, string folder, CancellationToken cancel)
    {
        var recipe = KpodRecipe.Load(path);
        using var run = await StageVerb.RunAsync(recipe, Path.Combine(folder, "runs", recipe.Name), Stage.Report, cancel).ConfigureAwait(false);
        return (run.FullPath, run.Manifest.Finished.ToDictionary(work => work.Key, work => work.Value.Seconds));
    }

    private sealed class BaseProgress(ConsoleObserver observer) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => observer.OnProgress(Pretraining, value);
    }
}

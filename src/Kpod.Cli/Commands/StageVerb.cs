using System.CommandLine;
using Kpod.Cli.Display;
using Kpod.Runs;

namespace Kpod.Cli.Commands;

/// <summary>What all verbs that run a recipe up to a stage share: their options, the run's folder, and how figures are shown.</summary>
internal static class StageVerb
{
    public static Option<bool> Json() => new("--json") { Description = "Prints one JSON object on standard output and nothing else there." };

    /// <summary>A verb that runs a recipe up to a stage and shows that stage's figures.</summary>
    public static Command Make(string name, string description, Stage last, Func<KpodRecipe, RunFolder, Figures> figures) =>
        Make(name, description, last, (recipe, _, run) => figures(recipe, run), []);

    /// <summary>The same for a verb with an option of its own.</summary>
    public static Command Make(string name, string description, Stage last, Func<ParseResult, RunFolder, Figures> figures, Option option) =>
        Make(name, description, last, (_, parsed, run) => figures(parsed, run), [option]);

    /// <summary>Opens the run's folder and runs the recipe up to a stage.</summary>
    public static async Task<RunFolder> RunAsync(KpodRecipe recipe, string folder, Stage last, CancellationToken cancel)
    {
        var run = RunFolder.Open(folder, recipe.Name, TimeProvider.System, ConsoleObserver.OnStandardError());
        try
        {
            await KpodPipeline.RunAsync(recipe, run, last, cancel).ConfigureAwait(false);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    private static Command Make(string name, string description, Stage last, Func<KpodRecipe, ParseResult, RunFolder, Figures> figures, Option[] options)
    {
        var recipe = new Argument<string>("recipe") { Description = "The recipe, a YAML file (see recipes/)." };
        var folder = new Option<string?>("--run") { Description = "The run's folder; runs/NAME in the current folder unless given.", HelpName = "folder" };
        var json = Json();
        var command = new Command(name, description) { recipe, folder };
        var overrides = new RecipeOverrides(command);
        command.Add(json);
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancel) =>
        {
            var loaded = KpodRecipe.Load(parsed.GetRequiredPath(recipe), overrides.Read(parsed));
            using var run = await RunAsync(loaded, parsed.GetPath(folder) ?? Path.Combine("runs", loaded.Name), last, cancel).ConfigureAwait(false);
            figures(loaded, parsed, run).Show(parsed.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }
}

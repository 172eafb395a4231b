using System.CommandLine;
using Kpod.Cli.Display;
using Kpod.Datasets;
using Kpod.LanguageModels.Checkpoints;
using Kpod.Runs;
using Kpod.StepDifficulty;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod data</c>: reads the data set and shows what is in it.</summary>
internal static class DataCommand
{
    public static Command Make() => StageVerb.Make("data", "Reads the data set; shows counts, lengths and steps, names every faulty record.", Stage.Questions, (recipe, run) =>
    {
        var tokenizer = CheckpointLoader.LoadTokenizer(recipe.Student.Model);
        var set = QuestionSet.Load(recipe.Dataset);
        var summary = DatasetSummary.Of(
            set, text => tokenizer.Encode(text).Count, text => StepSplitter.Split(text, recipe.StepDifficulty.SplitOnNewline).Count);
        return new Figures(new { Artefact = run.PathOf(RunFiles.Questions), summary.Splits, set.Notes, set.Remarks }, console => Draw(console, summary.Splits, set.Notes));
    });

    private static void Draw(IAnsiConsole console, IReadOnlyList<SplitSummary> splits, IReadOnlyList<string> notes)
    {
        foreach (var note in notes)
        {
            console.WriteLine(note);
        }

        var counts = Tables.Make("split", "questions", "with choices", "rationales", "without any");
        var lengths = Tables.Make("split", "what", "mean", "median", "95 %", "longest");
        foreach (var split in splits)
        {
            counts.AddRow(split.Split, Tables.Number(split.Questions), Tables.Number(split.WithChoices), Tables.Number(split.Rationales), Tables.Number(split.WithoutRationale));
            foreach (var (what, values) in new[] { ("question, tokens", split.QuestionTokens), ("rationale, tokens", split.RationaleTokens), ("rationale, steps", split.RationaleSteps) })
            {
                if (values is not null)
                {
                    lengths.AddRow(split.Split, what, Tables.Number(values.Mean), Tables.Number(values.Median), Tables.Number(values.Percentile95), Tables.Number(values.Maximum));
                }
            }
        }

        console.Write(counts);
        console.Write(lengths);
    }
}

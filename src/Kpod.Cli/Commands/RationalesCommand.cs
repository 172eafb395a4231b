using System.CommandLine;
using Kpod.Datasets;
using Kpod.RationaleGeneration;
using Kpod.Runs;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod rationales</c>: keeps the sound rationales and shows why others were dropped.</summary>
internal static class RationalesCommand
{
    public static Command Make() => StageVerb.Make("rationales", "Keeps the rationales whose answer is right; shows why others were dropped.", Stage.Rationales, (_, run) =>
    {
        var questions = JsonArtefact.ReadLines<SplitQuestion>(run.PathOf(RunFiles.Questions)).Count(question => question.Split == "train");
        var summary = RationaleSummary.Of(questions, JsonArtefact.ReadLines<Rationale>(run.PathOf(RunFiles.Rationales)));
        return new Figures(summary, console =>
        {
            var table = Tables.Make("rationales", "number");
            table.AddRow("in all", Tables.Number(summary.Rationales));
            table.AddRow("with the right answer", Tables.Number(summary.Correct));
            table.AddRow("kept", Tables.Number(summary.Kept));
            foreach (var (reason, count) in summary.Dropped)
            {
                table.AddRow(Markup.Escape($"dropped: {reason}"), Tables.Number(count));
            }

            table.AddRow("questions without any", $"{summary.QuestionsWithout} of {summary.Questions}");
            table.AddRow("mean tokens, prompt and answer included", Tables.Number(summary.MeanTokens));
            console.Write(table);
        });
    });
}

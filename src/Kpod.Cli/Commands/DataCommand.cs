using System.CommandLine;
using Kpod.Datasets;
using Kpod.Runs;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod data</c>: reads the data set and shows what is in it.</summary>
internal static class DataCommand
{
    public static Command Make() => StageVerb.Make("data", "Reads the data set; shows counts and lengths, names every faulty record.", Stage.Questions, (_, run) =>
    {
        var questions = JsonArtefact.ReadLines<SplitQuestion>(run.PathOf(RunFiles.Questions));
        var splits = questions.GroupBy(question => question.Split).Select(split => new
        {
            Split = split.Key,
            Questions = split.Count(),
            WithChoices = split.Count(question => question.Choices is not null),
            MeanWords = Math.Round(split.Average(question => question.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length), 1),
            LongestWords = split.Max(question => question.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length),
        }).ToArray();
        return new Figures(new { Artefact = run.PathOf(RunFiles.Questions), Splits = splits }, console =>
        {
            var table = Tables.Make("split", "questions", "with choices", "mean words", "longest");
            foreach (var split in splits)
            {
                table.AddRow(split.Split, Tables.Number(split.Questions), Tables.Number(split.WithChoices), Tables.Number(split.MeanWords), Tables.Number(split.LongestWords));
            }

            console.Write(table);
        });
    });
}

using System.CommandLine;
using Kpod.Cli.Display;
using Kpod.Datasets;
using Kpod.Datasets.Formats;
using Kpod.Files;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Rationales;
using Kpod.RationaleGeneration.Teachers;
using Kpod.RationaleGeneration.Teachers.Budget;
using Kpod.Reports.Sections;
using Kpod.Runs;
using Kpod.StepDifficulty;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod rationales</c>: keeps the sound rationales of a recipe, recorded ones or a teacher's; or asks a teacher about a file of questions, without a recipe; or moves requests and answers as files.</summary>
internal static class RationalesCommand
{
    private const string Work = "rationales";

    public static Command Make()
    {
        var recipe = new Argument<string?>("recipe") { Description = "The recipe, a YAML file (see recipes/); or --questions without one.", Arity = ArgumentArity.ZeroOrOne };
        var folder = new Option<string?>("--run") { Description = "The run's folder; runs/NAME in the current folder unless given.", HelpName = "folder" };
        var questions = new Option<string?>("--questions") { Description = "A file of questions to ask a teacher about, without a recipe.", HelpName = "file" };
        var format = new Option<DatasetFormat?>("--format") { Description = "Format of that file; found out from its first record unless given." };
        var limit = new Option<int?>("--limit") { Description = "Takes only the first so many questions of that file.", HelpName = "n" };
        var output = new Option<string?>("--out") { Description = "Where the rationales of that file go, in the format of 02-rationales.jsonl.", HelpName = "file" };
        var force = UserPaths.Force();
        var dryRun = new Option<bool>("--dry-run") { Description = "Says what a teacher would be asked, with tokens and price, and asks nobody." };
        var json = StageVerb.Json();
        var command = new Command(Work, "Keeps the rationales whose answer is right, or asks a teacher for them; shows why others were dropped.") { recipe, folder, questions, format, limit, output, force };
        var teacher = new TeacherCommandOptions(command);
        var files = new TeacherFileOptions(command);
        var overrides = new RecipeOverrides(command);
        command.Add(dryRun);
        command.Add(json);
        command.SetAction(async (parsed, cancel) =>
        {
            var (path, file) = (parsed.GetPath(recipe), parsed.GetPath(questions));
            Refuse(parsed, file is null, "--questions", format, limit, output, force);
            Refuse(parsed, path is null, "a recipe", folder);
            Refuse(parsed, files.IsMerge(parsed) || files.IsBatch(parsed), "a teacher that is asked or replayed", dryRun, output);
            if (new[] { path is not null, file is not null, files.IsMerge(parsed) }.Count(given => given) != 1)
            {
                throw new KpodException("give either a recipe, or --questions with a file, or --merge with stores; 'kpod rationales --help' lists the options.");
            }

            var loaded = path is null ? null : KpodRecipe.Load(path, [.. overrides.Read(parsed), .. teacher.Overrides(parsed)]);
            TeacherSource Source() => files.Shared(parsed, loaded is null ? SourceOf(file!, parsed.GetValue(format), parsed.GetValue(limit), teacher.Read(parsed, overrides.Read(parsed))) : SourceOf(loaded));
            var figures = files.IsMerge(parsed) ? files.Merge(parsed, teacher.Store(parsed))
                : files.IsBatch(parsed) ? await files.BatchAsync(parsed, Source()).ConfigureAwait(false)
                : parsed.GetValue(dryRun) ? Estimate(Source())
                : loaded is null ? await AskAsync(Source(), output: parsed.GetPath(output) ?? throw new KpodException("--out is missing; name the file that the rationales go to."), file, parsed.GetValue(force), cancel).ConfigureAwait(false)
                : files.IsShard(parsed) ? await AskAsync(Source(), output: null, file, force: false, cancel).ConfigureAwait(false)
                : await RunAsync(loaded, parsed.GetPath(folder), cancel).ConfigureAwait(false);
            figures.Show(parsed.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Refuse(ParseResult parsed, bool isOutOfPlace, string place, params Option[] options)
    {
        if (isOutOfPlace && options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } stray)
        {
            throw new KpodException($"{stray.Name} goes with {place} alone; leave it out.");
        }
    }

    private static TeacherSource SourceOf(KpodRecipe recipe) => new(
        recipe.Rationales.Ask ?? throw new KpodException("the recipe asks no teacher (rationales.ask), so there is nothing to estimate, to share or to ask as a batch."),
        recipe.Seed, QuestionSet.Load(recipe.Dataset).Train, recipe.StepDifficulty.SplitOnNewline);

    private static TeacherSource SourceOf(string file, DatasetFormat? format, int? limit, TeacherOptions ask)
    {
        var dataset = new DatasetOptions { Format = format, Train = file, Limit = limit };
        return new TeacherSource(ask, ask.Seed ?? 1, dataset.Check().FirstOrDefault() is { } fault ? throw new KpodException(fault) : QuestionSet.Load(dataset).Train, new StepDifficultyOptions().SplitOnNewline);
    }

    private static async Task<Figures> RunAsync(KpodRecipe recipe, string? folder, CancellationToken cancel)
    {
        using var run = await StageVerb.RunAsync(recipe, folder ?? Path.Combine("runs", recipe.Name), Stage.Rationales, cancel).ConfigureAwait(false);
        var questions = JsonArtefact.ReadLines<SplitQuestion>(run.PathOf(RunFiles.Questions)).Count(question => question.Split == "train");
        var usage = recipe.Rationales.Ask is null ? null : JsonArtefact.Read<TeacherUsage>(run.PathOf(RunFiles.TeacherUsage));
        return Summary(questions, JsonArtefact.ReadLines<Rationale>(run.PathOf(RunFiles.Rationales)), recipe.StepDifficulty.SplitOnNewline, usage);
    }

    private static async Task<Figures> AskAsync(TeacherSource source, string? output, string? questions, bool force, CancellationToken cancel)
    {
        string?[] inputs = [questions, source.Ask.Store, source.Ask.Examples, source.Ask.Prices, source.Ask.Checkpoint];
        output = output is null ? null : OutputPlace.ForFile(output, "--out", inputs.OfType<string>(), RationaleFile.IsOne, force);
        var observer = ConsoleObserver.OnStandardError();
        observer.OnEvent(new RunEvent(TimeProvider.System.GetUtcNow(), "started", Work));
        using var session = TeacherSession.Open(source.Ask, source.Seed, asks: true, Environment.GetEnvironmentVariable, TimeProvider.System, new ObserverProgress(observer, Work));
        var generated = await session.Generator.GenerateAsync(source.Questions, cancel).ConfigureAwait(false);

        // No student is known here, so nothing is too long, and all sound samples are of use.
        var options = new RationaleOptions { PerQuestion = int.MaxValue, Filter = source.Ask.Prompt == PromptKind.Counterfactual ? RationaleSelection.KeepAll : RationaleSelection.CorrectOnly };
        var rationales = new RationaleFilter(options, (_, _) => (null, null), source.Seed).Apply(source.Questions, generated.Rationales);
        if (output is not null)
        {
            JsonArtefact.WriteLines(output, rationales);
        }

        return Summary(source.Questions.Count, rationales, source.SplitOnNewline, generated.Usage);
    }

    private static Figures Estimate(TeacherSource source)
    {
        using var session = TeacherSession.Open(source.Ask, source.Seed, asks: false, Environment.GetEnvironmentVariable, TimeProvider.System);
        var estimate = session.Generator.Estimate(source.Questions);
        return new Figures(estimate, console =>
        {
            var table = Tables.Make("a teacher would be asked", "number");
            table.AddRow("questions", Tables.Number(estimate.Questions));
            table.AddRow("requests", Tables.Number(estimate.Requests));
            table.AddRow("answered in the store", Tables.Number(estimate.Stored));
            table.AddRow("to be asked", Tables.Number(estimate.ToAsk));
            table.AddRow("further samples of wrong ones, at most", Tables.Number(estimate.MostResamples));
            table.AddRow("tokens of their prompts, about", Tables.Number(estimate.InputTokens));
            table.AddRow("tokens of their answers, about", Tables.Number(estimate.OutputTokens));
            table.AddRow("tokens of their answers, at most", Tables.Number(estimate.MostOutputTokens));
            if (estimate.Currency is { } currency)
            {
                table.AddRow($"spent so far, {Markup.Escape(currency)}", Tables.Number((double)estimate.Spent!));
                table.AddRow($"still to be paid, about, {Markup.Escape(currency)}", Tables.Number((double)estimate.Cost!));
                table.AddRow($"still to be paid, at most, {Markup.Escape(currency)}", Tables.Number((double)estimate.MostCost!));
            }

            console.Write(table);
        });
    }

    private static Figures Summary(int questions, IReadOnlyList<Rationale> rationales, bool splitOnNewline, TeacherUsage? usage)
    {
        var summary = RationaleSummary.Of(questions, rationales, text => StepSplitter.Split(text, splitOnNewline).Count);
        object value = new { summary.Questions, summary.QuestionsWithout, summary.Rationales, summary.Correct, summary.Kept, summary.Dropped, summary.MeanTokens, Teacher = usage, summary.Quality };
        return new Figures(value, console =>
        {
            var table = Tables.Make("rationales", "number");
            table.AddRow("in all", Tables.Number(summary.Rationales));
            table.AddRow("with the right answer", Tables.Number(summary.Correct));
            table.AddRow("kept", Tables.Number(summary.Kept));
            foreach (var (reason, count) in summary.Dropped)
            {
                table.AddRow(Markup.Escape($"dropped: {reason}"), Tables.Number(count));
            }

            var quality = summary.Quality!;
            table.AddRow("same text as an earlier one, nearly the same", $"{Tables.Number(quality.SameText)}, {Tables.Number(quality.NearDuplicates)}");
            table.AddRow("questions without any, without a right one", $"{Tables.Number(summary.QuestionsWithout)}, {Tables.Number(questions - quality.QuestionsRight)} of {Tables.Number(questions)}");
            table.AddRow("questions with 0, 1, ... rationales", string.Join(", ", Enumerable.Range(0, quality.SamplesPerQuestion.Keys.Append(0).Max() + 1).Select(number => quality.SamplesPerQuestion.GetValueOrDefault(number))));
            if (summary.MeanTokens > 0)
            {
                table.AddRow("mean tokens, prompt and answer included", Tables.Number(summary.MeanTokens));
            }

            if (usage is not null)
            {
                table.AddRow("teacher: answers, asked for now", $"{Tables.Number(usage.Answers)}, {Tables.Number(usage.Asked)}");
                table.AddRow("teacher: tokens read, written", $"{Tables.Number(usage.InputTokens)}, {Tables.Number(usage.OutputTokens)}");
                table.AddRow(Markup.Escape($"teacher: cost{(usage.Currency is { } currency ? $", {currency}" : string.Empty)}"), usage.Cost is { } cost ? Tables.Number((double)cost) : "unknown (--prices)");
            }

            console.Write(table);
            Console.Out.Write(TeacherTable.Of(quality.Teachers).ToText());
        });
    }

    private sealed class ObserverProgress(IRunObserver observer, string work) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => observer.OnProgress(work, value);
    }
}

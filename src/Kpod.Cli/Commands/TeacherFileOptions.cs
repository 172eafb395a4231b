using Kpod.Cli.Display;
using System.CommandLine;
using Kpod.RationaleGeneration.Teachers;
using Kpod.RationaleGeneration.Teachers.Batches;
using Kpod.RationaleGeneration.Teachers.Clients;
using Kpod.RationaleGeneration.Teachers.Store;
using Spectre.Console;

namespace Kpod.Cli.Commands;

/// <summary>The options of <c>kpod rationales</c> that move requests and answers between machines: shards, batch files, stores that are merged.</summary>
internal sealed class TeacherFileOptions
{
    private const int MostShown = 20;

    private readonly Option<string?> _shard = new("--shard") { Description = "Asks only about the questions of share i of n, by a hash of their ids.", HelpName = "i/n" };
    private readonly Option<string?> _export = new("--export-batch") { Description = "Writes what the store has no answer to as OpenAI Batch files (vLLM's run-batch reads them) and asks nobody.", HelpName = "folder" };
    private readonly Option<string[]> _import = new("--import-batch") { Description = "Reads result and error files of batches into the store and asks nobody.", HelpName = "file...", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _requests = new("--batch-requests") { Description = "The most requests of a batch file.", HelpName = "n", DefaultValueFactory = _ => new BatchOptions().MaximumRequests };
    private readonly Option<long> _bytes = new("--batch-bytes") { Description = "The most bytes of a batch file.", HelpName = "n", DefaultValueFactory = _ => new BatchOptions().MaximumBytes };
    private readonly Option<string[]> _merge = new("--merge") { Description = "Brings the answers of these stores into the one that --store names and asks nobody.", HelpName = "store...", AllowMultipleArgumentsPerToken = true };

    /// <summary>Gives a command these options.</summary>
    public TeacherFileOptions(Command command)
    {
        Option[] options = [_shard, _export, _import, _requests, _bytes, _merge];
        foreach (var option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>Whether only a share of the questions is meant.</summary>
    public bool IsShard(ParseResult parsed) => parsed.GetValue(_shard) is not null;

    /// <summary>A source without the questions of other shares.</summary>
    public TeacherSource Shared(ParseResult parsed, TeacherSource source) => parsed.GetValue(_shard) is { } text ? source with { Questions = QuestionShard.Parse(text).Of(source.Questions) } : source;

    /// <summary>Whether stores are to be merged.</summary>
    public bool IsMerge(ParseResult parsed) => parsed.GetValue(_merge) is { Length: > 0 };

    /// <summary>Whether batch files are to be written or read.</summary>
    public bool IsBatch(ParseResult parsed) => parsed.GetValue(_export) is not null || parsed.GetValue(_import) is { Length: > 0 };

    /// <summary>Merges stores.</summary>
    public Figures Merge(ParseResult parsed, string? target)
    {
        if (IsShard(parsed) || IsBatch(parsed))
        {
            throw new KpodException("--shard, --export-batch and --import-batch go with questions, and a merge has none; leave them out.");
        }

        using var store = TeacherStore.Open(target ?? throw new KpodException("--store is missing; name the store that takes the answers."));
        var merged = TeacherStoreMerge.Merge(store, parsed.GetRequiredValue(_merge));
        var (path, answers) = (store.FullPath, store.Count);
        return new Figures(new { Store = path, Answers = answers, Merged = merged }, console =>
        {
            var table = Tables.Make("store", "answers", "new in the other");
            foreach (var source in merged)
            {
                table.AddRow(Markup.Escape(source.Path), Tables.Number(source.Answers), Tables.Number(source.Added));
            }

            console.Write(table);
            console.Profile.Out.Writer.WriteLine($"{path}: {Tables.Number(answers)} answers{(merged.All(source => source.Added == 0) ? "; nothing was new" : string.Empty)}");
        });
    }

    /// <summary>Writes or reads batch files.</summary>
    public async Task<Figures> BatchAsync(ParseResult parsed, TeacherSource source)
    {
        var (folder, files) = (parsed.GetValue(_export), parsed.GetValue(_import) ?? []);
        if (source.Ask.Teacher != TeacherKind.OpenAi)
        {
            throw new KpodException("batch files are for the teacher openai; a local checkpoint is asked without them.");
        }

        if (folder is not null && files.Length > 0)
        {
            throw new KpodException("--export-batch and --import-batch exclude each other; import first, then export what is left.");
        }

        var limits = new BatchOptions { MaximumRequests = parsed.GetValue(_requests), MaximumBytes = parsed.GetValue(_bytes) };
        if (limits.Check("--").ToList() is { Count: > 0 } faults)
        {
            throw KpodException.FromFaults("The batch cannot be written", faults);
        }

        using var store = folder is null ? TeacherStore.Open(source.Ask.Store) : File.Exists(source.Ask.Store) ? TeacherStore.OpenToRead(source.Ask.Store) : TeacherStore.OpenEmpty();
        var batch = new TeacherBatch(store, source.Ask, source.Seed, TimeProvider.System);
        return folder is null
            ? Draw(await batch.ImportAsync(source.Questions, files).ConfigureAwait(false), store.FullPath)
            : Draw(await batch.ExportAsync(source.Questions, folder, OpenAiChatClient.EndpointOf(source.Ask.Endpoint, Environment.GetEnvironmentVariable), limits).ConfigureAwait(false));
    }

    private static Figures Draw(BatchExport export) => new(export, console =>
    {
        var table = Tables.Make("to be asked as a batch", "number");
        table.AddRow("requests", Tables.Number(export.Requests));
        table.AddRow("left out for the budget", Tables.Number(export.LeftForBudget));
        table.AddRow("tokens of their prompts, about", Tables.Number(export.InputTokens));
        if (export.MostCost is { } cost)
        {
            table.AddRow(Markup.Escape($"cost at the most, {export.Currency}"), Tables.Number((double)cost));
        }

        console.Write(table);
        foreach (var file in export.Files)
        {
            console.Profile.Out.Writer.WriteLine(file);
        }
    });

    private static Figures Draw(BatchImport import, string store)
    {
        var value = new { Store = store, import.Lines, import.Added, import.Outcomes, import.Problems, import.Cost, import.Currency, import.Left };
        return new Figures(value, console =>
        {
            var table = Tables.Make("lines of the batch", "number");
            table.AddRow("in all", Tables.Number(import.Lines));
            foreach (var (outcome, count) in import.Outcomes)
            {
                table.AddRow(Name(outcome), Tables.Number(count));
            }

            table.AddRow("requests still without an answer", Tables.Number(import.Left));
            if (import.Cost is { } cost)
            {
                table.AddRow(Markup.Escape($"cost of the new answers, {import.Currency}"), Tables.Number((double)cost));
            }

            console.Write(table);
            var output = console.Profile.Out.Writer;
            foreach (var problem in import.Problems.Take(MostShown))
            {
                output.WriteLine($"{problem.File}, line {problem.Line}{(problem.CustomId is { } id ? $", {id}" : string.Empty)}: {problem.Reason}");
            }

            if (import.Problems.Count > MostShown)
            {
                output.WriteLine($"and {Tables.Number(import.Problems.Count - MostShown)} more (--json lists them all)");
            }

            if (import.Added == 0)
            {
                output.WriteLine($"{store}: nothing was new");
            }
        });
    }

    private static string Name(BatchOutcome outcome) => outcome switch
    {
        BatchOutcome.Added => "new answers",
        BatchOutcome.CutOff => "new, but cut off at the most tokens",
        BatchOutcome.AlreadyStored => "in the store already",
        BatchOutcome.Duplicate => "a second time",
        BatchOutcome.Contradiction => "another answer than the one stored",
        BatchOutcome.Failed => "failed",
        BatchOutcome.Unreadable => "unreadable",
        _ => "for other requests",
    };
}

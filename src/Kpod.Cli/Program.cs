using System.CommandLine;
using Kpod;
using Kpod.Cli.Commands;
using Kpod.Cli.Display;

// The verbs in the order of the paper's stages, then what joins them.
var root = new RootCommand("Kpod distils step-by-step reasoning into a small student: keypoint-based progressive chain-of-thought distillation (KPOD).")
{
    DataCommand.Make(),
    RationalesCommand.Make(),
    WeightsCommand.Make(),
    DifficultyCommand.Make(),
    ScheduleCommand.Make(),
    DistillCommand.Make(),
    EvaluateCommand.Make(),
    ReportCommand.Make(),
    RunCommand.Make(),
    CompareCommand.Make(),
    GenerateCommand.Make(),
    QuickstartCommand.Make(),
    ExportCommand.Make(),
    InspectCommand.Make(),
    VerifyCommand.Make(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine($"kpod: {error.Message}");
    }

    Console.Error.WriteLine("kpod: 'kpod --help' lists the verbs, 'kpod VERB --help' the options of one.");
    return ExitCodes.BadInput;
}

var savesWork = parsed.CommandResult.Command.Name != GenerateCommand.Name;
using var interruption = new Interruption(savesWork);
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption.Token).ConfigureAwait(false);
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine(savesWork ? "kpod: interrupted. What was finished is kept; the same command goes on from here." : "kpod: interrupted.");
    return ExitCodes.Interrupted;
}
catch (WorkFailedException failure)
{
    Console.Error.WriteLine($"kpod: {failure.Message}");
    return ExitCodes.Failed;
}
catch (KpodException fault)
{
    Console.Error.WriteLine($"kpod: {fault.Message}");
    return ExitCodes.BadInput;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"kpod: {exception.Message} What was finished is kept.");
    return ExitCodes.Failed;
}
catch (Exception exception) when (exception is not OutOfMemoryException)
{
    Console.Error.WriteLine($"kpod: this should not have happened; please report it with the lines below. What was finished is kept.\n{exception}");
    return ExitCodes.Failed;
}

using System.CommandLine;
using System.Globalization;
using Kpod.Asking;
using Kpod.Files;
using Kpod.LanguageModels.Inference;

namespace Kpod.Cli.Commands;

/// <summary><c>kpod generate</c>: a model or student answers questions at the terminal.</summary>
internal static class GenerateCommand
{
    /// <summary>The verb's name.</summary>
    public const string Name = "generate";

    private const string QuestionMark = "question> ";

    public static Command Make()
    {
        var model = new Argument<string>("model") { Description = "A Hugging Face folder, a .gguf file, or a run's folder (its base with the student's adapter)." };
        var adapter = new Option<string?>("--adapter") { Description = "A PEFT adapter's folder.", HelpName = "folder" };
        var prompt = new Option<string?>("--prompt") { Description = "The question; standard input unless given, a question a line at a terminal.", HelpName = "text" };
        var json = StageVerb.Json();
        var command = new Command(Name, "Lets a model or a run's student answer a question, shown while it is written.") { model, adapter, prompt };
        var options = new GenerateOptions(command);
        command.Add(json);
        command.SetAction(async (parsed, cancel) =>
        {
            var precision = options.Precision(parsed);
            using var answerer = QuestionAnswerer.Open(
                StudentLocation.Find(parsed.GetRequiredPath(model), parsed.GetPath(adapter)), precision, options.Device(parsed), options.Read(parsed), TimeProvider.System);
            foreach (var remark in answerer.Remarks)
            {
                await Console.Error.WriteLineAsync($"kpod: {remark}").ConfigureAwait(false);
            }

            var printsJson = parsed.GetValue(json);
            if (parsed.GetValue(prompt) is null && !Console.IsInputRedirected)
            {
                await ConverseAsync(answerer, printsJson, cancel).ConfigureAwait(false);
            }
            else
            {
                Ask(answerer, parsed.GetValue(prompt) ?? await Console.In.ReadToEndAsync(cancel).ConfigureAwait(false), printsJson, cancel);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    // Each line is a question of its own; an empty one, or the end of the input, ends it.
    private static async Task ConverseAsync(QuestionAnswerer answerer, bool printsJson, CancellationToken cancel)
    {
        while (true)
        {
            await Console.Error.WriteAsync(QuestionMark).ConfigureAwait(false);

            // Reading a terminal cannot be cancelled, so nobody waits for it once the user has interrupted.
            var line = await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancel).ConfigureAwait(false);
            if (string.IsNullOrWhiteSpace(line))
            {
                return;
            }

            try
            {
                Ask(answerer, line, printsJson, cancel);
            }
            catch (KpodException fault)
            {
                await Console.Error.WriteLineAsync($"kpod: {fault.Message}").ConfigureAwait(false);
            }
        }
    }

    private static void Ask(QuestionAnswerer answerer, string question, bool printsJson, CancellationToken cancel)
    {
        var hasWritten = false;
        try
        {
            var answer = answerer.Answer(question, Show, cancel);
            if (printsJson)
            {
                Console.Out.WriteLine(JsonArtefact.ToLine(answer));
                return;
            }

            Console.Out.WriteLine();
            if (answer.Answer is { } found)
            {
                Console.Out.WriteLine($"answer: {found}");
            }

            if (!Console.IsErrorRedirected)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer.Tokens} tokens, {answer.TokensPerSecond:0.0} a second{(answer.StopReason == StopReason.Length ? "; cut off at --max-tokens or the model's context" : string.Empty)}"));
            }
        }
        catch (OperationCanceledException) when (hasWritten)
        {
            Console.Out.WriteLine();
            throw;
        }

        void Show(string chunk)
        {
            if (printsJson)
            {
                return;
            }

            // The student writes the space between prompt and rationale.
            Console.Out.Write(hasWritten ? chunk : chunk.TrimStart(' '));
            Console.Out.Flush();
            hasWritten = true;
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Kpod.RationaleGeneration.Teachers;
using Kpod.RationaleGeneration.Teachers.Clients;

namespace Kpod.Cli.Commands;

/// <summary>The options of <c>kpod rationales</c> that say how a live teacher is asked: each a key of the recipe's section <c>rationales.ask</c>.</summary>
internal sealed class TeacherCommandOptions
{
    private static readonly string[] StudentKeys = ["device", "precision"];

    private readonly List<(string Key, Func<ParseResult, object?> Value)> _keys = [];

    /// <summary>Gives a command these options.</summary>
    public TeacherCommandOptions(Command command)
    {
        Choice(command, "--teacher", "teacher", "Who is asked.", "openai=openAi", "local");
        Text(command, "--model", "model", "The model by the name that the server knows.", "name");
        Text(command, "--checkpoint", "checkpoint", "A Hugging Face folder or a .gguf file, for the local teacher.", "path");
        Text(command, "--endpoint", "endpoint", $"The server's address up to /v1; else {OpenAiChatClient.EndpointVariable}. The key comes from {OpenAiChatClient.KeyVariable} alone.", "url");
        Text(command, "--store", "store", "The store of all answers; one that is in it is never asked for again.", "file");
        Choice(command, "--prompt", "prompt", "How a question is put.", "zero-shot=zeroShot", "two-turn=twoTurn", "few-shot=fewShot", "answer-given=answerGiven", "counterfactual");
        Text(command, "--examples", "examples", "Worked examples for the few-shot prompt.", "file");
        Number<int>(command, "--samples", "samples", "Rationales a question.", "n");
        Number<int>(command, "--resamples", "resamples", "The most further samples where none is right.", "n");
        Number<double>(command, "--temperature", "temperature", "What the teacher's logits are divided by; 0 is greedy.", "t");
        Number<double>(command, "--top-p", "topP", "Draws among the fewest tokens that reach the probability p.", "p");
        Number<int>(command, "--max-tokens", "maximumTokens", "The most tokens of an answer.", "n");
        Number<long>(command, "--seed", "seed", "Seed of the teacher's draws.", "n");
        Number<int>(command, "--top-logprobs", "topLogProbabilities", "Keeps the log-probabilities of the k most probable tokens.", "k");
        Number<int>(command, "--concurrency", "concurrency", "Calls in flight at once.", "n");
        Number<int>(command, "--requests-per-minute", "requestsPerMinute", "The most requests a minute.", "n");
        Number<int>(command, "--tokens-per-minute", "tokensPerMinute", "The most tokens a minute.", "n");
        Number<double>(command, "--deadline", "deadlineSeconds", "Seconds after which a call is tried again.", "s");
        Number<int>(command, "--attempts", "attempts", "The most attempts a request.", "n");
        Text(command, "--prices", "prices", "A file of prices (docs/formats.md).", "file");
        Number<double>(command, "--budget", "budget", "The most that all answers may cost.", "amount");
        Switch(command, "--replay", "replay", "Takes answers from the store alone and sends nothing.");
    }

    /// <summary>What was given, as keys of a recipe to replace.</summary>
    public IEnumerable<string> Overrides(ParseResult parsed) => _keys.Select(key => (key.Key, Value: key.Value(parsed))).Where(pair => pair.Value is not null)
        .Select(pair => $"rationales.ask.{pair.Key}='{Convert.ToString(pair.Value, CultureInfo.InvariantCulture)!.Replace("'", "''", StringComparison.Ordinal)}'");

    /// <summary>The store that was named; null for none.</summary>
    public string? Store(ParseResult parsed) => (string?)_keys.Single(key => key.Key == "store").Value(parsed);

    /// <summary>What was given, where there is no recipe.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="overrides">Keys of a recipe that were given; device and type are the local teacher's here.</param>
    public TeacherOptions Read(ParseResult parsed, IReadOnlyList<string> overrides)
    {
        var values = _keys.Select(key => (key.Key, Value: key.Value(parsed))).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => Convert.ToString(pair.Value, CultureInfo.InvariantCulture)!);
        foreach (var given in overrides)
        {
            var key = StudentKeys.FirstOrDefault(key => given.StartsWith($"student.{key}=", StringComparison.Ordinal))
                ?? throw new KpodException($"--set {given}: there is no recipe here whose key could be replaced; give a recipe, or the option itself.");
            values[key] = given[(given.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }

        foreach (var (key, option) in new[] { ("teacher", "--teacher"), ("store", "--store") })
        {
            if (!values.ContainsKey(key))
            {
                throw new KpodException($"{option} is missing; 'kpod rationales --help' tells what it takes.");
            }
        }

        var options = TeacherOptions.FromValues(values);
        var faults = options.Check("--").ToList();
        return faults.Count == 0 ? options : throw KpodException.FromFaults("The teacher cannot be asked", faults);
    }

    private void Text(Command command, string name, string key, string description, string help)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = help };
        Add(command, key, option, parsed => help is "path" or "file" ? parsed.GetPath(option) : parsed.GetValue(option));
    }

    private void Number<T>(Command command, string name, string key, string description, string help)
        where T : struct
    {
        var option = new Option<T?>(name) { Description = description, HelpName = help };
        Add(command, key, option, parsed => parsed.GetValue(option));
    }

    private void Switch(Command command, string name, string key, string description)
    {
        var option = new Option<bool>(name) { Description = description };
        Add(command, key, option, parsed => parsed.GetValue(option) ? "true" : null);
    }

    // A choice is spelled on the command line as there is custom, and in a recipe as its enum is.
    private void Choice(Command command, string name, string key, string description, params string[] choices)
    {
        var byName = choices.Select(choice => choice.Split('=')).ToDictionary(parts => parts[0], parts => parts[^1]);
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong([.. byName.Keys]);
        Add(command, key, option, parsed => parsed.GetValue(option) is { } given ? byName[given] : null);
    }

    private void Add(Command command, string key, Option option, Func<ParseResult, object?> value)
    {
        command.Add(option);
        _keys.Add((key, value));
    }
}

using System.CommandLine;
using Kpod.Verification;
using Kpod.Verification.Results;

namespace Kpod.Cli.Commands;

/// <summary>What <c>kpod verify</c> can hold against recorded numbers: its argument and the options that name a subject.</summary>
internal sealed class VerifySubjects
{
    private readonly Argument<string?> _model = new("model")
    {
        Description = "A model's folder, or a .gguf file.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _reference = new("--reference") { Description = "The folder with the recorded numbers, or for a .gguf file the JSON that describes it; the model's own folder unless given.", HelpName = "path" };
    private readonly Option<string?> _weights = new("--model") { Description = "A .gguf file whose weights stand in for the folder's.", HelpName = "file" };

    private readonly Option<string?> _tokenizer = new("--tokenizer") { Description = "A tokenizer: folder, tokenizer.json, .model or .gguf file; needs --cases.", HelpName = "path" };
    private readonly Option<string?> _cases = new("--cases") { Description = "Recorded cases of the tokenizer (ids, offsets, streamed chunks), JSON Lines.", HelpName = "file" };
    private readonly Option<string?> _chats = new("--chat-cases") { Description = "Recorded conversations with their chat templates, JSON Lines.", HelpName = "file" };
    private readonly Option<string?> _answers = new("--answer-cases") { Description = "Recorded cases of answer extraction, JSON Lines.", HelpName = "file" };
    private readonly Option<string?> _schedule = new("--schedule") { Description = "A folder with recorded selections and schedules (ftgp.json, schedule.json).", HelpName = "folder" };
    private readonly Option<string?> _methods = new("--methods") { Description = "A folder with recorded numbers of the other systems, curricula, ablations and statistics (scotd.json, ..., statistics.json).", HelpName = "folder" };
    private readonly Option<string?> _blocks = new("--blocks") { Description = "A folder with quantised blocks and their values (TYPE.safetensors).", HelpName = "folder" };
    private readonly Option<string?> _broken = new("--broken") { Description = "A folder with broken files and an expected.json.", HelpName = "folder" };

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_model);
        foreach (var option in new Option[] { _reference, _weights, _tokenizer, _cases, _chats, _answers, _schedule, _methods, _blocks, _broken })
        {
            command.Add(option);
        }
    }

    /// <summary>Verifies every subject that the command line names.</summary>
    public VerificationReport Verify(ParseResult parsed, VerificationOptions options)
    {
        var reports = new List<VerificationReport>();
        if (parsed.GetPath(_model) is { } model)
        {
            reports.Add(Verifier.Model(model, parsed.GetPath(_reference), parsed.GetPath(_weights), options));
        }
        else if (parsed.GetPath(_reference) is not null || parsed.GetPath(_weights) is not null)
        {
            throw new KpodException("--reference and --model belong to a model's folder or file; name it first: kpod verify MODEL --reference FOLDER.");
        }

        if (parsed.GetPath(_tokenizer) is { } tokenizer && parsed.GetPath(_cases) is { } cases)
        {
            reports.Add(Verifier.Tokenizer(tokenizer, cases, options));
        }
        else if (parsed.GetPath(_tokenizer) is not null || parsed.GetPath(_cases) is not null)
        {
            throw new KpodException("--tokenizer and --cases belong together: kpod verify --tokenizer PATH --cases FILE.");
        }

        (Option<string?> Option, Func<string, VerificationOptions, VerificationReport> Verify)[] others =
            [(_chats, (cases, options) => Verifier.Chats(cases, TimeProvider.System.GetUtcNow(), options)), (_answers, Verifier.Answers), (_schedule, Verifier.Schedule), (_methods, Verifier.Methods), (_blocks, Verifier.Blocks), (_broken, Verifier.BrokenFiles)];
        reports.AddRange(others.Where(other => parsed.GetPath(other.Option) is not null).Select(other => other.Verify(parsed.GetPath(other.Option)!, options)));
        return reports.Count > 0 ? VerificationReport.Join(reports)
            : throw new KpodException("kpod verify needs something to verify: a model's folder or .gguf file, or one of --tokenizer with --cases, --chat-cases, --answer-cases, --schedule, --methods, --blocks, --broken. 'kpod verify --help' explains each.");
    }
}

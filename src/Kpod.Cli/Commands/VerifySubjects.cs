using System.CommandLine;
using Kpod.Verification;

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

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_model);
        foreach (var option in new Option[] { _reference, _weights })
        {
            command.Add(option);
        }
    }

    /// <summary>Verifies every subject that the command line names.</summary>
    public VerificationReport Verify(ParseResult parsed, VerificationOptions options)
    {
        var reports = new List<VerificationReport>();
        if (parsed.GetValue(_model) is { } model)
        {
            reports.Add(Verifier.Model(model, parsed.GetValue(_reference), parsed.GetValue(_weights), options));
        }
        else if (parsed.GetValue(_reference) is not null || parsed.GetValue(_weights) is not null)
        {
            throw new KpodException("--reference and --model belong to a model's folder or file; name it first: kpod verify MODEL --reference FOLDER.");
        }

        return reports.Count > 0 ? VerificationReport.Join(reports)
            : throw new KpodException("kpod verify needs something to verify: a model's folder or .gguf file. 'kpod verify --help' lists all.");
    }
}

using System.CommandLine;
using Kpod.Asking;
using Kpod.LanguageModels.Inference;
using Kpod.LanguageModels.Native;

namespace Kpod.Cli.Commands;

/// <summary>The options of <c>kpod generate</c> that say how the answer is written.</summary>
internal sealed class GenerateOptions
{
    private readonly Option<bool> _chat = new("--chat") { Description = "Puts the question into the model's own chat template instead of the students' prompt (Q: ... A: Let's think step by step.)." };
    private readonly Option<string?> _system = new("--system") { Description = "What the system message says (with --chat).", HelpName = "text" };
    private readonly Option<int> _maximumTokens = new("--max-tokens") { Description = "Most tokens of the answer.", HelpName = "n", DefaultValueFactory = _ => new GenerationOptions().MaximumNewTokens };
    private readonly Option<double?> _temperature = new("--temperature") { Description = "Draws tokens by their probability instead of taking the most probable one; below 1 favours the probable. 0 is greedy.", HelpName = "t" };
    private readonly Option<int?> _topK = new("--top-k") { Description = "Draws among the k most probable tokens only.", HelpName = "k" };
    private readonly Option<double?> _topP = new("--top-p") { Description = "Draws among the fewest tokens that together reach the probability p only.", HelpName = "p" };
    private readonly Option<long> _seed = new("--seed") { Description = "Seed of the draws." };
    private readonly Option<string[]> _stop = new("--stop") { Description = "A text at which the answer ends; may be given several times.", HelpName = "text" };
    private readonly Option<string> _device = new("--device") { Description = "Where the model computes.", DefaultValueFactory = _ => "cpu" };
    private readonly Option<string?> _weightType = new("--dtype") { Description = "Type of the base weights; as in the run, or float32." };

    /// <summary>Gives a command these options.</summary>
    public GenerateOptions(Command command)
    {
        _device.AcceptOnlyFromAmong("cpu", "cuda");
        _weightType.AcceptOnlyFromAmong("float32", "bfloat16");
        foreach (var option in new Option[] { _chat, _system, _maximumTokens, _temperature, _topK, _topP, _seed, _stop, _device, _weightType })
        {
            command.Add(option);
        }
    }

    /// <summary>Type of the base weights; null where it is not said.</summary>
    public WeightPrecision? Precision(ParseResult parsed) => parsed.GetValue(_weightType) switch
    {
        "float32" => WeightPrecision.Float32,
        "bfloat16" => WeightPrecision.Bfloat16,
        _ => null,
    };

    /// <summary>Where the model computes.</summary>
    public ComputeDevice Device(ParseResult parsed) => parsed.GetValue(_device) == "cuda" ? ComputeDevice.Cuda : ComputeDevice.Cpu;

    /// <summary>How the model is asked.</summary>
    public AnswererOptions Read(ParseResult parsed) => new()
    {
        UsesChatTemplate = parsed.GetValue(_chat),
        System = parsed.GetValue(_system),
        Generation = new GenerationOptions
        {
            MaximumNewTokens = parsed.GetValue(_maximumTokens),
            Sampling = Sampling(parsed.GetValue(_temperature), parsed.GetValue(_topK), parsed.GetValue(_topP)),
            Seed = parsed.GetValue(_seed),
            StopTexts = parsed.GetValue(_stop) ?? [],
        },
    };

    private static Sampling Sampling(double? temperature, int? topK, double? topP) => (temperature, topK, topP) switch
    {
        (_, not null, not null) => throw new KpodException("--top-k and --top-p exclude each other; give one of them."),
        (0, not null, _) or (0, _, not null) => throw new KpodException("--temperature 0 is greedy, which leaves nothing to --top-k or --top-p; give a temperature above 0."),
        (null or 0, null, null) => new Sampling.Greedy(),
        (_, { } count, _) => new Sampling.TopK(count, temperature ?? 1),
        (_, _, { } mass) => new Sampling.TopP(mass, temperature ?? 1),
        _ => new Sampling.Plain(temperature.Value),
    };
}

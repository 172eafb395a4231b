using System.Text.RegularExpressions;
using Kpod.LanguageModels.Native;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Clients;
using Kpod.Recipes;
using Kpod.Runs;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>How a live teacher is asked; the recipe's section <c>rationales.ask</c>. Without it rationales are those recorded in the data set or in <c>rationales.file</c>.</summary>
public sealed partial record TeacherOptions
{
    private const int MostSamples = 1000;
    private const int MostTokens = 10_000_000;

    /// <summary>Who is asked.</summary>
    public required TeacherKind Teacher { get; init; }

    /// <summary>The model by the name that the server knows; for <see cref="TeacherKind.OpenAi"/> alone. It names the teacher in the rationales.</summary>
    public string? Model { get; init; }

    /// <summary>A Hugging Face folder or a .gguf file; for <see cref="TeacherKind.Local"/> alone.</summary>
    [RecipePath]
    public string? Checkpoint { get; init; }

    /// <summary>Type of a local teacher's weights; bfloat16 is faster where the processor supports it.</summary>
    public WeightPrecision Precision { get; init; } = WeightPrecision.Float32;

    /// <summary>Where a local teacher computes.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>The server's address up to <c>/v1</c>; null for OPENAI_BASE_URL, or OpenAI's own where that is not set.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The store of all that the teacher answers. An answer in it is never asked for again.</summary>
    [RecipePath(MustExist = false)]
    public required string Store { get; init; }

    /// <summary>How a question is put. The paper's is zero-shot.</summary>
    public PromptKind Prompt { get; init; } = PromptKind.ZeroShot;

    /// <summary>Worked examples for a few-shot prompt: JSON Lines in our own data set format, each with a rationale.</summary>
    [RecipePath]
    public string? Examples { get; init; }

    /// <summary>Rationales a question, 1 or more; each is a request of its own. The paper has one.</summary>
    [AtMost(int.MaxValue)]
    public int Samples { get; init; } = 1;

    /// <summary>The most further samples of a question none of whose samples is right; 0 for none.</summary>
    [AtMost(int.MaxValue)]
    public int Resamples { get; init; }

    /// <summary>What the teacher's logits are divided by, from 0 (greedy) to 2. Null leaves it to the server, which most often takes 1; a local teacher is greedy then. SCoTD has 0.7.</summary>
    public double? Temperature { get; init; }

    /// <summary>Draws among the fewest tokens that together reach this probability, above 0, at most 1. Null leaves it to the server.</summary>
    public double? TopP { get; init; }

    /// <summary>The most tokens of an answer. Too few cut rationales off, which are then dropped; too many cost where a teacher rambles.</summary>
    [AtMost(int.MaxValue)]
    public int MaximumTokens { get; init; } = 512;

    /// <summary>Seed of the teacher's draws; sample s sends seed + s. Null sends none to a server; a local teacher takes the run's seed then.</summary>
    public long? Seed { get; init; }

    /// <summary>How many of the most probable tokens to report at each place, 1 to 20, for distribution matching; they are kept in the store's raw responses. Null asks for none.</summary>
    public int? TopLogProbabilities { get; init; }

    /// <summary>Calls in flight at once, 1 or more; for a local teacher the texts written at once.</summary>
    [AtMost(int.MaxValue)]
    public int Concurrency { get; init; } = 8;

    /// <summary>The most requests a minute; null for no limit of ours.</summary>
    [AtMost(int.MaxValue)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a minute, prompt and answer together; null for no limit of ours.</summary>
    [AtMost(int.MaxValue)]
    public int? TokensPerMinute { get; init; }

    /// <summary>Seconds after which a call is given up and tried again.</summary>
    public double DeadlineSeconds { get; init; } = 120;

    /// <summary>The most attempts a request; after them it stays without an answer in this run.</summary>
    [AtMost(int.MaxValue)]
    public int Attempts { get; init; } = 8;

    /// <summary>A file of prices (docs/formats.md); null where cost is of no interest.</summary>
    [RecipePath]
    public string? Prices { get; init; }

    /// <summary>The most that the answers of this recipe may cost, those in the store included, in the currency of the prices; null for no limit.</summary>
    public double? Budget { get; init; }

    /// <summary>Whether the store alone answers and nothing is sent.</summary>
    public bool Replay { get; init; }

    /// <summary>Makes options from single values, as a command line gives them.</summary>
    /// <param name="values">Values by key, as a recipe would write them; paths are relative to the current folder.</param>
    /// <returns>The options, not checked yet.</returns>
    /// <exception cref="KpodException">A key or value is none, or a file that it names is not there; all faults at once.</exception>
    public static TeacherOptions FromValues(IReadOnlyDictionary<string, string> values)
    {
        var place = Path.GetFullPath("command line");
        var document = RecipeDocument.Parse(place, "{}").With(values.Select(pair => $"{pair.Key}='{pair.Value.Replace("'", "''", StringComparison.Ordinal)}'"));
        var binder = new OptionsBinder(place, owner: "this command");
        var options = (TeacherOptions)binder.Bind(typeof(TeacherOptions), document.Root, string.Empty);
        return binder.Faults.Count == 0 ? options : throw KpodException.FromFaults("The teacher cannot be asked", [.. binder.Faults.Select(fault => $"--{PlaceOfAFault().Replace(fault[place.Length..], string.Empty, 1)}")]);
    }

    /// <summary>What shapes the rationales: of two recipes that agree in this, one need not ask again.</summary>
    /// <param name="model">The teacher's name (<see cref="TeacherSession.ModelOf"/>).</param>
    /// <returns>The options without where, how fast and for how much the teacher is asked.</returns>
    internal TeacherOptions Shaping(string model) => new()
    {
        Teacher = Teacher,
        Model = model,
        Store = string.Empty,
        Prompt = Prompt,
        Examples = Examples is { } examples ? InputsHash.OfFile(examples) : null,
        Samples = Samples,
        Resamples = Resamples,
        Temperature = Temperature,
        TopP = TopP,
        MaximumTokens = MaximumTokens,
        Seed = Seed,
        TopLogProbabilities = TopLogProbabilities,
    };

    /// <summary>Names every value out of range and everything that does not fit together.</summary>
    /// <param name="section">What stands in front of a key in messages, such as <c>rationales.ask.</c> or <c>--</c>.</param>
    /// <returns>One message a fault.</returns>
    public IEnumerable<string> Check(string section) => new (bool IsFault, string Message)[]
    {
        (Teacher == TeacherKind.OpenAi && string.IsNullOrWhiteSpace(Model), $"{section}model is missing; give the name by which the server knows the model."),
        (Teacher == TeacherKind.OpenAi && Checkpoint is not null, $"{section}checkpoint is {Checkpoint}, but the teacher is openai; leave it out, or take the teacher local."),
        (Teacher == TeacherKind.Local && Checkpoint is null, $"{section}checkpoint is missing; give a Hugging Face folder or a .gguf file for the local teacher."),
        (Teacher == TeacherKind.Local && (Model is not null || Endpoint is not null), $"{section}model and {section}endpoint are for the teacher openai; the local one takes {section}checkpoint."),
        (Endpoint is { } address && OpenAiChatClient.EndpointFault(address) is not null, $"{section}endpoint: the endpoint {(Endpoint is { } given ? OpenAiChatClient.EndpointFault(given) : null)}"),
        (Prompt == PromptKind.FewShot && Examples is null, $"{section}examples is missing; a few-shot prompt needs a file of worked examples."),
        (Prompt != PromptKind.FewShot && Examples is not null, $"{section}examples is given, but {section}prompt is not fewShot."),
        (Samples is < 1 or > MostSamples, $"{section}samples is {Samples}; it must be {(Samples < 1 ? "1 or more" : $"{MostSamples} at the most")}."),
        (Resamples is < 0 or > MostSamples, $"{section}resamples is {Resamples}; it must be {(Resamples < 0 ? "0 or more" : $"{MostSamples} at the most")}."),
        ((long)Samples + Resamples > 1 && IsGreedy, $"{section}temperature leaves no chance, so {(long)Samples + Resamples} samples would be one and the same; set it above 0, such as 0.7."),
        (Temperature is not (null or (>= 0 and <= 2)), $"{section}temperature is {Temperature}; it must be from 0 to 2."),
        (TopP is not (null or (> 0 and <= 1)), $"{section}topP is {TopP}; it must be above 0 and at most 1."),
        (MaximumTokens is < 1 or > MostTokens, $"{section}maximumTokens is {MaximumTokens}; it must be {(MaximumTokens < 1 ? "1 or more" : $"{MostTokens} at the most")}."),
        (TopLogProbabilities is not (null or (>= 1 and <= 20)), $"{section}topLogProbabilities is {TopLogProbabilities}; it must be from 1 to 20."),
        (Concurrency is < 1 or > 1024, $"{section}concurrency is {Concurrency}; it must be from 1 to 1024."),
        (RequestsPerMinute < 1, $"{section}requestsPerMinute is {RequestsPerMinute}; it must be 1 or more."),
        (TokensPerMinute < 1, $"{section}tokensPerMinute is {TokensPerMinute}; it must be 1 or more."),
        (DeadlineSeconds is not (> 0 and <= 86_400), $"{section}deadlineSeconds is {DeadlineSeconds}; it must be above 0 and at most 86400."),
        (Attempts is < 1 or > 1000, $"{section}attempts is {Attempts}; it must be {(Attempts < 1 ? "1 or more" : "1000 at the most")}."),
        (Budget is not (null or (> 0 and <= 1e12)), $"{section}budget is {Budget}; it must be above 0{(Budget > 0 ? ", and 1e12 at the most" : string.Empty)}."),
        (Budget is not null && Prices is null, $"{section}budget needs {section}prices: a file with the model's prices."),
    }.Where(check => check.IsFault).Select(check => check.Message);

    private bool IsGreedy => Temperature == 0 || (Teacher == TeacherKind.Local && Temperature is null);

    // A command line has no lines and columns.
    [GeneratedRegex(@"^(?:, line \d+, column \d+)?: ")]
    private static partial Regex PlaceOfAFault();
}

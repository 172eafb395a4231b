using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>Makes the requests of a recipe: which prompt, which sample, which settings.</summary>
internal sealed class TeacherRequests
{
    private readonly string _model;
    private readonly TeacherOptions _options;
    private readonly long? _seed;

    /// <summary>Prepares the prompt.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="options">Prompt and settings.</param>
    /// <param name="seed">The run's seed.</param>
    public TeacherRequests(string model, TeacherOptions options, long seed)
    {
        _model = model;
        _options = options;

        // A local teacher's draws follow from a seed alone; without one all samples would be the same.
        _seed = options.Seed ?? (options.Teacher == TeacherKind.Local && options.Temperature > 0 ? seed : null);
        Prompt = options.Prompt switch
        {
            PromptKind.TwoTurn => new TwoTurnPrompt(),
            PromptKind.FewShot => FewShotPrompt.Load(options.Examples!),
            PromptKind.AnswerGiven => AnswerGivenPrompt.Gold(),
            PromptKind.Counterfactual => AnswerGivenPrompt.Counterfactual(seed),
            _ => new ZeroShotPrompt(),
        };
    }

    /// <summary>How questions are put.</summary>
    public IPromptForm Prompt { get; }

    /// <summary>Who answers.</summary>
    public string Model => _model;

    /// <summary>The request for a sample's rationale.</summary>
    public TeacherRequest First(Question question, int sample) => Of(Prompt.Ask(question), sample);

    /// <summary>The request for its answer, where the form has a second turn and the first came to an end.</summary>
    public TeacherRequest? Second(Question question, int sample, TeacherAnswer first) =>
        FinishReasons.IsWhole(first.FinishReason) && !string.IsNullOrWhiteSpace(first.Text) && Prompt.AskForAnswer(question, first.Text) is { } messages ? Of(messages, sample) : null;

    private TeacherRequest Of(IReadOnlyList<PromptMessage> messages, int sample) => new()
    {
        Model = _model,
        Messages = messages,
        Sample = sample,
        Temperature = _options.Temperature,
        TopP = _options.TopP,
        MaximumTokens = _options.MaximumTokens,
        Seed = _seed is { } seed ? unchecked(seed + sample) : null,
        TopLogProbabilities = _options.TopLogProbabilities,
    };
}

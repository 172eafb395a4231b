using Kpod.Datasets;
using Kpod.Datasets.Formats;
using Kpod.Datasets.Questions;

namespace Kpod.RationaleGeneration.Prompts;

/// <summary>Few-shot chain of thought: each example is a question and an answer of the conversation so far, "r Therefore, the answer is y."; then the question is asked in the same words.</summary>
internal sealed class FewShotPrompt : IPromptForm
{
    private readonly PromptMessage[] _examples;

    /// <summary>Prepares the prompt.</summary>
    /// <param name="examples">The examples in the order in which the teacher reads them.</param>
    public FewShotPrompt(IReadOnlyList<FewShotExample> examples)
    {
        ArgumentOutOfRangeException.ThrowIfZero(examples.Count);
        _examples =
        [
            .. examples.SelectMany(example => new[]
            {
                new PromptMessage(PromptRole.User, CotPrompt.Of(example.Question)),
                new PromptMessage(PromptRole.Assistant, $"{CotPrompt.WithoutAnswerSentence(example.Rationale)}{CotPrompt.Connector}{example.Question.Answer}."),
            }),
        ];
    }

    /// <summary>Reads examples: a data set in our own format (JSON Lines), of which each question's first rationale is the example.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The prompt.</returns>
    /// <exception cref="KpodException">A line is faulty or has no rationale; all faults at once.</exception>
    public static FewShotPrompt Load(string path)
    {
        var faults = new List<string>();
        var records = DatasetFile.Read(path, DatasetFormat.JsonLines, "example", limit: null, faults);
        faults.AddRange(records.Where(record => record.Rationales.Count == 0)
            .Select(record => $"{path}: the example '{record.Question.Id}' has no rationale; add \"rationales\": [{{\"text\": \"...\"}}] to its line."));
        return faults.Count == 0 ? new FewShotPrompt([.. records.Select(record => new FewShotExample(record.Question, record.Rationales[0].Text))])
            : throw KpodException.FromFaults("The examples cannot be used", faults);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PromptMessage> Ask(Question question) => [.. _examples, new PromptMessage(PromptRole.User, CotPrompt.Of(question))];

    /// <inheritdoc/>
    public IReadOnlyList<PromptMessage>? AskForAnswer(Question question, string rationale) => null;

    /// <inheritdoc/>
    public string Join(string rationale, string? answer) => rationale;

    /// <inheritdoc/>
    public string? GivenAnswer(Question question) => null;
}

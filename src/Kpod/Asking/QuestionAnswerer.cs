using Kpod.Datasets.Answers;
using Kpod.Datasets.Formats;
using Kpod.Datasets.Questions;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Inference;
using Kpod.LanguageModels.Native;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Tokenizers;
using Kpod.Tokenizers.ChatTemplates;
using TorchSharp;

namespace Kpod.Asking;

/// <summary>A model, with or without an adapter, that answers typed questions one at a time.</summary>
public sealed class QuestionAnswerer : IDisposable
{
    private readonly Checkpoint _checkpoint;
    private readonly LoraAdapter? _adapter;
    private readonly ChatTemplate? _template;
    private readonly AnswererOptions _options;
    private readonly TimeProvider _time;

    private QuestionAnswerer(Checkpoint checkpoint, LoraAdapter? adapter, ChatTemplate? template, AnswererOptions options, TimeProvider time)
    {
        _checkpoint = checkpoint;
        _adapter = adapter;
        _template = template;
        _options = options;
        _time = time;
    }

    /// <summary>Loads a model.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="precision">Type of the base weights; null for the run's, or float32 where there is no run.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="options">How it is asked.</param>
    /// <param name="time">The clock: for the speed, and for chat templates that write a date.</param>
    /// <returns>The model; the caller disposes of it.</returns>
    /// <exception cref="KpodException">Options do not fit together; a file is missing or unsound; a chat template is asked for and there is none.</exception>
    public static QuestionAnswerer Open(StudentLocation location, WeightPrecision? precision, ComputeDevice device, AnswererOptions options, TimeProvider time)
    {
        var faults = options.Check().ToList();
        if (faults.Count > 0)
        {
            throw KpodException.FromFaults("generate", faults);
        }

        var target = ComputeDevices.Open(device);
        var template = options.UsesChatTemplate
            ? CheckpointLoader.FindChatTemplate(location.Model) ?? throw new KpodException($"{location.Model}: this model has no chat template (chat_template.jinja, or chat_template in tokenizer_config.json or the GGUF file); leave --chat out.")
            : null;
        var type = (precision ?? location.Precision) == WeightPrecision.Bfloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        var checkpoint = CheckpointLoader.Load(location.Model, type, target);
        try
        {
            return new QuestionAnswerer(checkpoint, location.Adapter is { } adapter ? PeftAdapter.Load(checkpoint.Model, adapter) : null, template, options, time);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>What the model's files say that is not followed, a sentence each.</summary>
    public IReadOnlyList<string> Remarks => _checkpoint.Remarks;

    /// <summary>Answers a question.</summary>
    /// <param name="question">The question as typed; choices stand in it as <c>(A) text (B) text</c>.</param>
    /// <param name="show">Is given the text piece by piece as it is written.</param>
    /// <param name="cancel">Stops between two tokens.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="KpodException">The question is empty, or too long for the model; or the chat template refuses it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public StudentAnswer Answer(string question, Action<string> show, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(question))
        {
            throw new KpodException("the question is empty; type one, or give it with --prompt or on standard input.");
        }

        var parsed = TypedQuestion.Parse(question);
        var started = _time.GetTimestamp();
        var (prompt, ids) = Prompt(parsed);
        var written = new TextGenerator(_checkpoint.Model, _checkpoint.Tokenizer, _checkpoint.EndIds).Write(ids, _options.Generation, show, cancel);
        var seconds = _time.GetElapsedTime(started).TotalSeconds;
        var answer = AnswerExtractor.Flexible(written.Text, parsed.Choices is null ? AnswerFormat.Number : AnswerFormat.Of(parsed));
        return new StudentAnswer(
            question, prompt, written.Text, answer?.Text, answer is null ? null : System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(answer.Rule.ToString()),
            written.Ids.Length, written.StopReason, seconds, written.Ids.Length / Math.Max(seconds, 1e-9));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adapter?.Detach();
        _checkpoint.Dispose();
    }

    private (string Text, int[] Ids) Prompt(Question question)
    {
        if (_template is null)
        {
            return (CotPrompt.Of(question), new RationaleEncoder(_checkpoint.Tokenizer, _checkpoint.Model.IsCausal, _checkpoint.EndIds[0]).EncodePrompt(question));
        }

        ChatMessage[] messages = [.. _options.System is { } system ? [new ChatMessage("system", system)] : Array.Empty<ChatMessage>(), new ChatMessage("user", question.Text + Choices(question))];
        var rendered = _template.Render(messages, addGenerationPrompt: true, _time.GetLocalNow());
        return (rendered.Text, rendered.Encode((Tokenizer)_checkpoint.Tokenizer));
    }

    private static string Choices(Question question) => question.Choices is null ? string.Empty : " " + string.Join(' ', question.Choices.Select(choice => $"({choice.Key}) {choice.Value}"));
}

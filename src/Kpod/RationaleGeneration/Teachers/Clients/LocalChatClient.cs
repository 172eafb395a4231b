using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Inference;
using Kpod.LanguageModels.Native;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.Tokenizers;
using Kpod.Tokenizers.ChatTemplates;
using Microsoft.Extensions.AI;
using TorchSharp;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>
/// A checkpoint as a teacher, through this library's own generation. Calls that come at the same time are written together as a batch; each draws from its own seed, so in float32 a text does not depend
/// on what it shares a batch with. Messages go through the model's chat template; without one they stand in a row, as a base model reads them.
/// </summary>
internal sealed class LocalChatClient : IChatClient
{
    // How long the first of a batch waits for company.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    // Some templates write today's date, and an answer must not depend on the day; this is the date that Llama's templates fall back on.
    private static readonly DateTimeOffset TemplateDate = new(2024, 7, 26, 0, 0, 0, TimeSpan.Zero);

    private readonly Checkpoint _checkpoint;
    private readonly ChatTemplate? _template;
    private readonly int _batchSize;
    private readonly TimeProvider _time;
    private readonly Channel<LocalCall> _calls = Channel.CreateUnbounded<LocalCall>();
    private readonly Task _writing;

    /// <summary>Starts to serve.</summary>
    /// <param name="checkpoint">Model and tokenizer; disposed of with the client.</param>
    /// <param name="template">The model's chat template; null for a base model.</param>
    /// <param name="name">What the responses call the model.</param>
    /// <param name="batchSize">The most texts written at once.</param>
    /// <param name="time">The clock.</param>
    public LocalChatClient(Checkpoint checkpoint, ChatTemplate? template, string name, int batchSize, TimeProvider time)
    {
        _checkpoint = checkpoint;
        _template = template;
        _batchSize = batchSize;
        _time = time;
        Name = name;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>What the responses call the model.</summary>
    public string Name { get; }

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="path">A Hugging Face folder or a .gguf file.</param>
    /// <param name="precision">Type of the weights in memory.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="batchSize">The most texts written at once.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The client; the caller disposes of it.</returns>
    /// <exception cref="KpodException">A file is missing or unsound.</exception>
    public static LocalChatClient Open(string path, WeightPrecision precision, ComputeDevice device, int batchSize, TimeProvider time)
    {
        var template = CheckpointLoader.FindChatTemplate(path);
        var type = precision == WeightPrecision.Bfloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        return new LocalChatClient(CheckpointLoader.Load(path, type, ComputeDevices.Open(device)), template, NameOf(path, precision), batchSize, time);
    }

    /// <summary>Names a checkpoint so that another one, or other weights under the same name, is another teacher.</summary>
    /// <param name="path">A Hugging Face folder or a .gguf file.</param>
    /// <param name="precision">Type of the weights in memory.</param>
    /// <returns>The file's or folder's name, the start of its fingerprint, and the type.</returns>
    public static string NameOf(string path, WeightPrecision precision) =>
        $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))}@{CheckpointLoader.Fingerprint(path)[..12]}{(precision == WeightPrecision.Bfloat16 ? " bfloat16" : string.Empty)}";

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = ChatMessages.ToRequest(messages, options, Name);
        var prompt = Prompt(request.Messages);
        if (_checkpoint.Model.IsCausal && prompt.Length >= _checkpoint.Model.MaximumLength)
        {
            throw new TeacherCallException(TeacherFailure.Request, $"the prompt has {prompt.Length} tokens, but the model's context is {_checkpoint.Model.MaximumLength} and must hold the answer too");
        }

        var call = new LocalCall(prompt, GenerationOf(request), request.Seed ?? 0) { TopLogProbabilities = request.TopLogProbabilities };
        await _calls.Writer.WriteAsync(call, cancellationToken).ConfigureAwait(false);
        var (written, distributions) = await call.Written.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        var reply = new TeacherReply(written.Text.Trim(), null, null, written.StopReason == StopReason.Length ? TeacherAnswer.Length : TeacherAnswer.Stop, Name, prompt.Length, written.Ids.Length);
        return ChatMessages.ToResponse(reply, distributions is null ? null : LocalLogProbabilities.Body(reply, distributions));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("kpod", defaultModelId: Name)
        : serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _calls.Writer.TryComplete();
        _writing.Wait();
        _checkpoint.Dispose();
    }

    private static GenerationOptions GenerationOf(TeacherRequest request) => new()
    {
        MaximumNewTokens = request.MaximumTokens ?? new GenerationOptions().MaximumNewTokens,
        StopTexts = request.StopTexts,
        Sampling = (request.Temperature, request.TopP) switch
        {
            (null or 0, _) => new Sampling.Greedy(),
            ({ } temperature, { } mass) => new Sampling.TopP(mass, temperature),
            ({ } temperature, null) => new Sampling.Plain(temperature),
        },
    };

    private int[] Prompt(IReadOnlyList<PromptMessage> messages)
    {
        if (_template is not null)
        {
            var rendered = _template.Render([.. messages.Select(message => new Tokenizers.ChatTemplates.ChatMessage(message.Role.ToString().ToLowerInvariant(), message.Text))], addGenerationPrompt: true, TemplateDate);
            return rendered.Encode((Tokenizer)_checkpoint.Tokenizer);
        }

        var text = string.Join(' ', messages.Select((message, index) => index > 0 && message.Text.StartsWith("Q: ", StringComparison.Ordinal) ? $"\n\n{message.Text}" : message.Text)).Replace(" \n\n", "\n\n", StringComparison.Ordinal);
        var tokenizer = _checkpoint.Tokenizer;
        int[] begin = _checkpoint.Model.IsCausal && tokenizer is { AddsBegin: true, BeginId: { } id } ? [id] : [];
        int[] end = _checkpoint.Model.IsCausal ? [] : [_checkpoint.EndIds[0]];
        return [.. begin, .. tokenizer.Encode(text).Select(token => token.Id), .. end];
    }

    private async Task WriteAsync()
    {
        while (await _calls.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var batch = new List<LocalCall>();
            while (batch.Count < _batchSize && await NextAsync(batch.Count > 0).ConfigureAwait(false) is { } call)
            {
                batch.Add(call);
            }

            foreach (var alike in batch.GroupBy(call => (call.Options.Sampling, call.Options.MaximumNewTokens, Stop: string.Join('\0', call.Options.StopTexts))))
            {
                Write([.. alike]);
            }
        }
    }

    private async Task<LocalCall?> NextAsync(bool mayEnd)
    {
        if (_calls.Reader.TryRead(out var waiting))
        {
            return waiting;
        }

        if (mayEnd)
        {
            using var patience = new CancellationTokenSource(Gathering, _time);
            try
            {
                return await _calls.Reader.WaitToReadAsync(patience.Token).ConfigureAwait(false) && _calls.Reader.TryRead(out var late) ? late : null;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        return null;
    }

    private void Write(LocalCall[] calls)
    {
        try
        {
            var texts = new TextGenerator(_checkpoint.Model, _checkpoint.Tokenizer, _checkpoint.EndIds)
                .Generate([.. calls.Select(call => call.Prompt)], calls[0].Options with { BatchSize = _batchSize }, seeds: [.. calls.Select(call => call.Seed)], progress: null, CancellationToken.None);
            for (var index = 0; index < calls.Length; index++)
            {
                var distributions = calls[index].TopLogProbabilities is { } count ? LocalLogProbabilities.Of(_checkpoint.Model, _checkpoint.Tokenizer, calls[index].Prompt, texts[index].Ids, count) : null;
                calls[index].Written.SetResult((texts[index], distributions));
            }
        }
        catch (Exception exception)
        {
            // Whoever waits is told; the next batch may fare better.
            foreach (var call in calls)
            {
                call.Written.TrySetException(exception);
            }
        }
    }
}

using System.Text.Json;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Calls;
using Microsoft.Extensions.AI;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>Requests and answers in the words of <c>Microsoft.Extensions.AI</c>, which any chat client speaks.</summary>
internal static class ChatMessages
{
    /// <summary>Key of a chat option for <see cref="TeacherRequest.TopLogProbabilities"/>.</summary>
    public const string TopLogProbabilities = "top_logprobs";

    /// <summary>Key of a response's property that holds its body as it came.</summary>
    public const string RawBody = "kpod.body";

    /// <summary>A request as messages and options.</summary>
    public static (List<ChatMessage> Messages, ChatOptions Options) Of(TeacherRequest request)
    {
        var options = new ChatOptions
        {
            ModelId = request.Model,
            Temperature = (float?)request.Temperature,
            TopP = (float?)request.TopP,
            MaxOutputTokens = request.MaximumTokens,
            Seed = request.Seed,
            StopSequences = request.StopTexts.Count == 0 ? null : [.. request.StopTexts],
        };
        if (request.TopLogProbabilities is { } count)
        {
            options.AdditionalProperties = new() { [TopLogProbabilities] = count };
        }

        return ([.. request.Messages.Select(message => new ChatMessage(Role(message.Role), message.Text))], options);
    }

    /// <summary>Messages and options as a request.</summary>
    public static TeacherRequest ToRequest(IEnumerable<ChatMessage> messages, ChatOptions? options, string model) => new()
    {
        Model = options?.ModelId ?? model,
        Messages = [.. messages.Select(message => new PromptMessage(Role(message.Role), message.Text))],
        Temperature = Number(options?.Temperature),
        TopP = Number(options?.TopP),
        MaximumTokens = options?.MaxOutputTokens,
        Seed = options?.Seed,
        TopLogProbabilities = options?.AdditionalProperties?.TryGetValue(TopLogProbabilities, out int count) == true ? count : null,
        StopTexts = [.. options?.StopSequences ?? []],
    };

    /// <summary>A reply as a response.</summary>
    public static ChatResponse ToResponse(TeacherReply reply, string? body)
    {
        var contents = new List<AIContent>();
        if (reply.Reasoning is { } reasoning)
        {
            contents.Add(new TextReasoningContent(reasoning));
        }

        contents.Add(new TextContent(reply.Text));
        if (reply.Refusal is { } refusal)
        {
            contents.Add(new ErrorContent(refusal) { ErrorCode = "Refusal" });
        }

        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            ModelId = reply.Model,
            FinishReason = reply.FinishReason is { } reason ? new ChatFinishReason(reason) : null,
            Usage = reply.InputTokens is null && reply.OutputTokens is null ? null : new UsageDetails { InputTokenCount = reply.InputTokens, OutputTokenCount = reply.OutputTokens },
            AdditionalProperties = body is null ? null : new() { [RawBody] = body },
        };
    }

    /// <summary>A response of any client as a reply, and its body: as it came where the client keeps it, else the response as JSON.</summary>
    public static (TeacherReply Reply, string Body) ToReply(ChatResponse response)
    {
        var contents = response.Messages.SelectMany(message => message.Contents).ToArray();
        var text = string.Concat(contents.OfType<TextContent>().Select(content => content.Text));
        var reasoning = string.Concat(contents.OfType<TextReasoningContent>().Select(content => content.Text));
        var refusal = string.Join(' ', contents.OfType<ErrorContent>().Select(content => content.Message));
        (text, reasoning) = ThoughtTags.Split(text, reasoning);
        var reason = FinishReasons.Read(response.FinishReason?.Value);
        if (reason == FinishReasons.Error)
        {
            throw new TeacherCallException(TeacherFailure.Passing, $"the answer broke off with an error ({TeacherErrors.Quote(response.FinishReason!.Value.Value)})");
        }

        var reply = new TeacherReply(
            text, reasoning.Length == 0 ? null : reasoning, refusal.Length == 0 ? null : refusal, reason, response.ModelId, response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount);
        return (reply, response.AdditionalProperties?.TryGetValue(RawBody, out string? body) == true && body is not null ? body : JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions));
    }

    // The interface's numbers are float; 0.7f is meant as 0.7.
    private static double? Number(float? value) => value is { } number ? (double)(decimal)number : null;

    private static ChatRole Role(PromptRole role) => role switch
    {
        PromptRole.System => ChatRole.System,
        PromptRole.Assistant => ChatRole.Assistant,
        _ => ChatRole.User,
    };

    private static PromptRole Role(ChatRole role) => role == ChatRole.System ? PromptRole.System : role == ChatRole.Assistant ? PromptRole.Assistant : PromptRole.User;
}

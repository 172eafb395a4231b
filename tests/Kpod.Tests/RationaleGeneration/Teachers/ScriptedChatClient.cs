using Microsoft.Extensions.AI;

namespace Kpod.Tests.RationaleGeneration.Teachers;

/// <summary>Anybody's chat client: answers as a script says.</summary>
internal sealed class ScriptedChatClient(Func<int, CancellationToken, Task<ChatResponse>> script) : IChatClient
{
    private int _calls;

    public int Calls => _calls;

    public static ChatResponse Answer(string text) => new(new ChatMessage(ChatRole.Assistant, text)) { FinishReason = ChatFinishReason.Stop, Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 20 } };

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        script(Interlocked.Increment(ref _calls) - 1, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

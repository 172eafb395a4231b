using Kpod.Inference;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>A text that a <see cref="LocalChatClient"/> is to write.</summary>
/// <param name="Prompt">Token ids.</param>
/// <param name="Options">Length, sampling and stop texts.</param>
/// <param name="Seed">Seed of its draws.</param>
internal sealed record LocalCall(int[] Prompt, GenerationOptions Options, long Seed)
{
    /// <summary>The text, once it is written.</summary>
    public TaskCompletionSource<GeneratedText> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

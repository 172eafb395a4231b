using Kpod.LanguageModels.Inference;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.RationaleGeneration.Teachers.Clients;

/// <summary>A text that a <see cref="LocalChatClient"/> is to write.</summary>
/// <param name="Prompt">Token ids.</param>
/// <param name="Options">Length, sampling and stop texts.</param>
/// <param name="Seed">Seed of its draws.</param>
internal sealed record LocalCall(int[] Prompt, GenerationOptions Options, long Seed)
{
    /// <summary>How many of the most probable tokens to report at each place; null for none.</summary>
    public int? TopLogProbabilities { get; init; }

    /// <summary>The text, once it is written, and its log-probabilities where they were asked for.</summary>
    public TaskCompletionSource<(GeneratedText Text, IReadOnlyList<TokenDistribution>? Distributions)> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

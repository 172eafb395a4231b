using Kpod.Tokenizers;

namespace Kpod.LanguageModels.Checkpoints;

/// <summary>A model with the tokenizer that belongs to it, as loaded from a folder or file.</summary>
/// <param name="Model">The model; the checkpoint's owner disposes of it.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="Path">Where it was loaded from.</param>
/// <param name="EndIds">Every id that ends a generation; at least one.</param>
public sealed record Checkpoint(ILanguageModel Model, ITokenizer Tokenizer, string Path, IReadOnlyList<int> EndIds) : IDisposable
{
    /// <summary>What its files say that is not followed, a sentence each: to be shown to whoever loads it.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}

using TorchSharp;

namespace Kpod.LanguageModels.Decoding;

/// <summary>A batch of texts being written token by token with a key-value cache.</summary>
public interface IDecoding : IDisposable
{
    /// <summary>Logits of the token that comes next in each sequence: (sequences, vocabulary), float32. Valid until the next call.</summary>
    torch.Tensor NextLogits { get; }

    /// <summary>Appends one token to each sequence and computes <see cref="NextLogits"/> anew.</summary>
    /// <param name="tokens">One id per sequence that is still being written.</param>
    void Append(ReadOnlySpan<int> tokens);

    /// <summary>Drops sequences that are finished, so that no time goes into them.</summary>
    /// <param name="rows">Indices, ascending, of the sequences to keep; the others leave the batch.</param>
    void Keep(ReadOnlySpan<int> rows);
}

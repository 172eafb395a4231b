using Kpod.LanguageModels.Decoding;
using Kpod.LanguageModels.Layers;
using TorchSharp;

namespace Kpod.LanguageModels;

/// <summary>A student: a causal or encoder-decoder language model, frozen or in training, whatever its architecture.</summary>
public interface ILanguageModel : IDisposable
{
    /// <summary>Width of the hidden states and of the input embedding.</summary>
    int HiddenSize { get; }

    /// <summary>Rows of the input embedding.</summary>
    int VocabularySize { get; }

    /// <summary>The longest sequence that the model was made for, in tokens; <see cref="int.MaxValue"/> where it has no bound.</summary>
    int MaximumLength { get; }

    /// <summary>Whether prompt and response are one sequence (true) or the prompt goes into an encoder of its own (false).</summary>
    bool IsCausal { get; }

    /// <summary>Type of the base weights.</summary>
    torch.ScalarType WeightType { get; }

    /// <summary>Where the weights are.</summary>
    torch.Device Device { get; }

    /// <summary>The input embedding, (vocabulary, hidden).</summary>
    torch.Tensor InputEmbedding { get; }

    /// <summary>Whether a training step keeps only the inputs of each block and computes the rest again in its backward pass: less memory, a third more time, the same numbers to the bit.</summary>
    bool GradientCheckpointing { get; set; }

    /// <summary>Every linear map of the blocks, in the model's order: what a LoRA adapter may target.</summary>
    IReadOnlyList<Linear> Linears { get; }

    /// <summary>Every base weight under its published name; a tied weight once. Those of linear maps that stay quantised (<see cref="Linear.IsQuantised"/>) are left out.</summary>
    IReadOnlyList<KeyValuePair<string, torch.Tensor>> Weights { get; }

    /// <summary>Runs a batch with its own tokens as input.</summary>
    /// <param name="batch">The sequences; padded inside.</param>
    /// <returns>(supervised tokens, hidden): for each supervised token, in the order of <see cref="TeacherForcedBatch.Targets"/>, the state that predicts it.</returns>
    torch.Tensor PredictingStates(TeacherForcedBatch batch);

    /// <summary>The output layer.</summary>
    /// <param name="states">(rows, hidden).</param>
    /// <returns>(rows, vocabulary), float32.</returns>
    torch.Tensor Logits(torch.Tensor states);

    /// <summary>Reads prompts and gets ready to write behind them with a key-value cache. The same sequence gets the same logits in any batch.</summary>
    /// <param name="prompts">Token ids per sequence; begin tokens included.</param>
    /// <returns>The decoding under way; the caller disposes of it.</returns>
    IDecoding StartDecoding(IReadOnlyList<int[]> prompts);
}

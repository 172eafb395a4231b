using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Generator;
using Kpod.TokenWeighting.Options;
using TorchSharp;

namespace Kpod.TokenWeighting.Predictors;

/// <summary>Predicts the answer y from the question x and a prefix of the masked rationale: P(y | x, r[m]_{&lt;k}) of Eq. 5.</summary>
internal interface IAnswerPredictor : IDisposable
{
    /// <summary>What was chosen.</summary>
    AnswerPredictorKind Kind { get; }

    /// <summary>The pretrained self-attention layer that the weight generator starts from; the caller disposes of it.</summary>
    /// <returns>A trainable float32 copy.</returns>
    SelfAttention CopyFirstAttention();

    /// <summary>The adapter of the pretrained transformer.</summary>
    IReadOnlyList<NamedParameter> TransformerParameters { get; }

    /// <summary>What is new beside it: the placeholder v and, where the student's embedding has another width, the projection.</summary>
    IReadOnlyList<NamedParameter> InputParameters { get; }

    /// <summary>v: what stands in a masked token's place, (width), float32.</summary>
    torch.Tensor Placeholder { get; }

    /// <summary>The student's input embedding of rationales, projected where the widths differ.</summary>
    /// <param name="rationales">A batch.</param>
    /// <returns>(rationales, tokens of the longest, width), float32; padding holds some token.</returns>
    torch.Tensor Embed(IReadOnlyList<EncodedRationale> rationales);

    /// <summary>The answer's negative log-likelihood after each prefix, summed over its tokens.</summary>
    /// <param name="rationales">A batch.</param>
    /// <param name="masked">The masked rationales, shaped as <see cref="Embed"/> gives them.</param>
    /// <param name="prefixes">Per rationale, the lengths of its prefixes in tokens.</param>
    /// <returns>(prefixes of all rationales), rationale by rationale, float32, in nat; carries the gradient.</returns>
    torch.Tensor NegativeLogLikelihoods(IReadOnlyList<EncodedRationale> rationales, torch.Tensor masked, IReadOnlyList<int[]> prefixes);
}

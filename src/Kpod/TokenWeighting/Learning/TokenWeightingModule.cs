using Kpod.LanguageModels.Training;
using Kpod.RationaleGeneration.Rationales;
using Kpod.TokenWeighting.Generator;
using Kpod.TokenWeighting.Masks;
using Kpod.TokenWeighting.Options;
using Kpod.TokenWeighting.Predictors;
using TorchSharp;

namespace Kpod.TokenWeighting.Learning;

/// <summary>The rationale token weighting module: the weight generator (Eq. 2, 3), the mask (Eq. 4) and the answer predictor (Eq. 5) put together.</summary>
internal sealed class TokenWeightingModule : IDisposable
{
    private readonly IAnswerPredictor _predictor;
    private readonly WeightGenerator _generator;
    private readonly MaskSite _site;
    private readonly MaskMode _mode;
    private readonly torch.Tensor[] _firstValues;

    /// <summary>Puts a module together.</summary>
    /// <param name="predictor">Owned from now on.</param>
    /// <param name="site">What the mask hides.</param>
    /// <param name="mode">What stands in a masked token's place.</param>
    /// <param name="seed">Decides the first weights of the perceptron.</param>
    public TokenWeightingModule(IAnswerPredictor predictor, MaskSite site, MaskMode mode, long seed)
    {
        _predictor = predictor;
        _generator = new WeightGenerator(predictor.CopyFirstAttention(), seed);
        _firstValues = Copy(_generator.Parameters);
        _site = site;
        _mode = mode;
    }

    /// <summary>Which predictor it has.</summary>
    public AnswerPredictorKind Kind => _predictor.Kind;

    /// <summary>The predictor's adapter.</summary>
    public IReadOnlyList<NamedParameter> TransformerParameters => _predictor.TransformerParameters;

    /// <summary>Placeholder and projection.</summary>
    public IReadOnlyList<NamedParameter> InputParameters => _predictor.InputParameters;

    /// <summary>The weight generator's.</summary>
    public IReadOnlyList<NamedParameter> GeneratorParameters => _generator.Parameters;

    /// <summary>What the predictor is once it is trained, named as its optimizers name it.</summary>
    public IEnumerable<KeyValuePair<string, torch.Tensor>> PredictorValues =>
        TransformerParameters.Concat(InputParameters).Select(parameter => new KeyValuePair<string, torch.Tensor>($"{parameter.Name}.value", parameter.Value));

    /// <summary>Width of the predictor's embeddings.</summary>
    public long Width => _predictor.Placeholder.shape[0];

    /// <summary>Where the parameters are.</summary>
    public torch.Device Device => _predictor.Placeholder.device;

    /// <summary>Puts the weight generator back to where it began, for a learning at another price.</summary>
    public void RestartGenerator()
    {
        using var noGradient = torch.no_grad();
        foreach (var (parameter, first) in _generator.Parameters.Zip(_firstValues))
        {
            parameter.Value.copy_(first);
        }
    }

    /// <summary>Embeds rationales and, where asked, computes their logits. The tensors belong to the caller's dispose scope.</summary>
    /// <param name="rationales">A batch.</param>
    /// <param name="withLogits">Whether the logits are wanted.</param>
    /// <returns>The batch, ready to be masked.</returns>
    public RationaleReading Read(IReadOnlyList<EncodedRationale> rationales, bool withLogits)
    {
        var tokenMask = RationaleBatch.TokenMask(rationales, Device);
        var embeddings = _predictor.Embed(rationales);
        if (!withLogits && _site == MaskSite.TokenEmbedding)
        {
            return new RationaleReading(tokenMask, embeddings, Logits: null);
        }

        var contextual = _generator.Contextualise(embeddings, tokenMask);
        return new RationaleReading(tokenMask, _site == MaskSite.TokenEmbedding ? embeddings : contextual, _generator.Logits(contextual));
    }

    /// <summary>-log P(y | x, r[m]_{&lt;k}) for each prefix k (Eq. 5).</summary>
    /// <param name="rationales">The batch.</param>
    /// <param name="reading">What <see cref="Read"/> gave for it.</param>
    /// <param name="mask">m, (rationales, tokens).</param>
    /// <param name="prefixes">Per rationale, the lengths of its prefixes.</param>
    /// <returns>(prefixes of all rationales), in nat.</returns>
    public torch.Tensor AnswerLosses(IReadOnlyList<EncodedRationale> rationales, RationaleReading reading, torch.Tensor mask, IReadOnlyList<int[]> prefixes)
    {
        using var scope = torch.NewDisposeScope();
        var masked = RationaleMask.Apply(reading.Maskable, mask, _mode == MaskMode.Placeholder ? _predictor.Placeholder : null);
        return _predictor.NegativeLogLikelihoods(rationales, masked, prefixes).MoveToOuterDisposeScope();
    }

    /// <summary>w of every token (Eq. 3), without a gradient.</summary>
    /// <param name="rationales">A batch.</param>
    /// <returns>Per rationale, a weight for each token.</returns>
    public IReadOnlyList<float[]> Weights(IReadOnlyList<EncodedRationale> rationales)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var weights = Read(rationales, withLogits: true).Logits!.sigmoid().cpu();
        var width = (int)weights.shape[1];
        var values = weights.data<float>().ToArray();
        return [.. rationales.Select((rationale, row) => values.AsSpan(row * width, rationale.RationaleTokens.Length).ToArray())];
    }

    private static torch.Tensor[] Copy(IReadOnlyList<NamedParameter> parameters)
    {
        using var noGradient = torch.no_grad();
        return [.. parameters.Select(parameter => parameter.Value.clone().DetachFromDisposeScope())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _generator.Dispose();
        foreach (var first in _firstValues)
        {
            first.Dispose();
        }

        _predictor.Dispose();
    }
}

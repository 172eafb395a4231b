using Kpod.LanguageModels.Decoding;
using Kpod.LanguageModels.Kernels;
using TorchSharp;

namespace Kpod.LanguageModels.T5;

/// <summary>Decoding with T5: the encoder reads the prompts once, the decoder writes from the start token on.</summary>
internal sealed class T5Decoding : IDecoding
{
    private readonly T5Model _model;
    private readonly KeyValueCache _own;
    private readonly KeyValueCache _cross;
    private torch.Tensor? _crossMask;
    private torch.Tensor _logits;

    /// <summary>Reads the prompts.</summary>
    /// <param name="model">The model; not owned.</param>
    /// <param name="prompts">Token ids per sequence, at least one each.</param>
    public T5Decoding(T5Model model, IReadOnlyList<int[]> prompts)
    {
        _model = model;
        _own = new KeyValueCache(model.Configuration.DecoderLayers, readsWhole: Attention.IsFasterWhole(model.Device, model.WeightType));
        _cross = new KeyValueCache(model.Configuration.DecoderLayers, readsWhole: false, grows: false);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (ids, mask) = model.Prompts(prompts);
        model.ReadEncoded(model.Encode(model.Embed(ids), mask), _cross);
        _crossMask = model.AdditiveMask(mask)?.DetachFromDisposeScope();
        var start = torch.full(prompts.Count, 1, model.Configuration.DecoderStartId, dtype: torch.ScalarType.Int64, device: model.Device);
        _logits = Read(start).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor NextLogits => _logits;

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length != _logits.shape[0])
        {
            throw new ArgumentException($"{tokens.Length} tokens were given for {_logits.shape[0]} sequences.");
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var ids = Array.ConvertAll(tokens.ToArray(), token => (long)token);
        Replace(ref _logits, Read(torch.tensor(ids, device: _model.Device).unsqueeze(1)));
    }

    /// <inheritdoc/>
    public void Keep(ReadOnlySpan<int> rows)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var index = torch.tensor(Array.ConvertAll(rows.ToArray(), row => (long)row), device: _model.Device);
        _own.Keep(index);
        _cross.Keep(index);
        Replace(ref _logits, _logits.index_select(0, index));
        if (_crossMask is not null)
        {
            Replace(ref _crossMask, _crossMask.index_select(0, index));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.Dispose();
        _cross.Dispose();
        _crossMask?.Dispose();
        _logits.Dispose();
    }

    private static void Replace(ref torch.Tensor held, torch.Tensor replacement)
    {
        held.Dispose();
        held = replacement.DetachFromDisposeScope();
    }

    private torch.Tensor Read(torch.Tensor ids) => _model.Logits(_model.DecodeNext(ids, _own, _cross, _crossMask));
}

using Kpod.LanguageModels.Decoding;
using Kpod.LanguageModels.Kernels;
using TorchSharp;

namespace Kpod.LanguageModels.Llama;

/// <summary>Decoding with a causal model: prompts padded on the left, so that all sequences grow at the same column of the cache.</summary>
internal sealed class LlamaDecoding : IDecoding
{
    private readonly LlamaModel _model;
    private readonly KeyValueCache _cache;
    private readonly LlamaRow? _row;
    private long[] _positions; // of each sequence's next token
    private torch.Tensor? _padding; // (sequences, 1, 1, prompt width): -∞ at padding; null where nothing is padded
    private torch.Tensor _logits;

    /// <summary>Reads the prompts.</summary>
    /// <param name="model">The model; not owned.</param>
    /// <param name="prompts">Token ids per sequence, at least one each.</param>
    /// <exception cref="ArgumentException">There is no prompt, or an empty one.</exception>
    public LlamaDecoding(LlamaModel model, IReadOnlyList<int[]> prompts)
    {
        if (prompts.Count == 0 || prompts.Any(prompt => prompt.Length == 0))
        {
            throw new ArgumentException("A causal model needs at least one token in front of what it writes; give each prompt its begin token.");
        }

        _model = model;
        _cache = new KeyValueCache(model.Configuration.Layers, readsWhole: Attention.IsFasterWhole(model.Device, model.WeightType));
        _row = prompts.Count == 1 ? model.Row() : null;
        _positions = [.. prompts.Select(prompt => (long)prompt.Length)];
        var width = prompts.Max(prompt => prompt.Length);
        var ids = new long[prompts.Count, width];
        var positions = new long[prompts.Count, width];
        var padded = new bool[prompts.Count, width];
        for (var row = 0; row < prompts.Count; row++)
        {
            var padding = width - prompts[row].Length;
            for (var column = 0; column < width; column++)
            {
                padded[row, column] = column < padding;
                ids[row, column] = column < padding ? 0 : prompts[row][column - padding];
                positions[row, column] = Math.Max(0, column - padding);
            }
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var isPadded = prompts.Any(prompt => prompt.Length < width);
        _padding = isPadded ? Padding(padded).DetachFromDisposeScope() : null;
        _logits = Read(ids, positions, isPadded ? PromptMask() : null).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor NextLogits => _logits;

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length != _positions.Length)
        {
            throw new ArgumentException($"{tokens.Length} tokens were given for {_positions.Length} sequences.");
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        if (_row is not null)
        {
            Replace(ref _logits, _row.Read(tokens[0], _positions[0]++, _cache));
            return;
        }

        var ids = new long[tokens.Length, 1];
        var positions = new long[tokens.Length, 1];
        for (var row = 0; row < tokens.Length; row++)
        {
            ids[row, 0] = tokens[row];
            positions[row, 0] = _positions[row]++;
        }

        Replace(ref _logits, Read(ids, positions, StepMask(tokens.Length)));
    }

    /// <inheritdoc/>
    public void Keep(ReadOnlySpan<int> rows)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var kept = rows.ToArray();
        var index = torch.tensor(Array.ConvertAll(kept, row => (long)row), device: _model.Device);
        _positions = Array.ConvertAll(kept, row => _positions[row]);
        _cache.Keep(index);
        Replace(ref _logits, _logits.index_select(0, index));
        if (_padding is not null)
        {
            Replace(ref _padding, _padding.index_select(0, index));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _logits.Dispose();
        _padding?.Dispose();
    }

    private static void Replace(ref torch.Tensor held, torch.Tensor replacement)
    {
        held.Dispose();
        held = replacement.DetachFromDisposeScope();
    }

    // What was written behind the prompts is seen by all; padding and the cache's free room by nobody. Null where all there is is seen.
    private torch.Tensor? StepMask(long sequences)
    {
        var (seen, width) = (_cache.Length + 1, _cache.WidthWith(1));
        if (_padding is null && width == seen)
        {
            return null;
        }

        var mask = torch.zeros(sequences, 1, 1, width, dtype: _model.WeightType, device: _model.Device);
        if (_padding is not null)
        {
            mask.narrow(3, 0, _padding.shape[3]).copy_(_padding);
        }

        if (width > seen)
        {
            mask.narrow(3, seen, width - seen).fill_(float.NegativeInfinity);
        }

        return mask;
    }

    private torch.Tensor Read(long[,] ids, long[,] positions, torch.Tensor? mask)
    {
        var embeddings = _model.Embed(torch.tensor(ids, device: _model.Device));
        var states = _model.Forward(embeddings, torch.tensor(positions, device: _model.Device), mask, _cache);
        return _model.Logits(states.select(1, states.shape[1] - 1));
    }

    private torch.Tensor Padding(bool[,] padded)
    {
        var mask = torch.zeros(padded.GetLength(0), 1, 1, padded.GetLength(1), dtype: _model.WeightType, device: _model.Device);
        return mask.masked_fill(torch.tensor(padded, device: _model.Device).unsqueeze(1).unsqueeze(1), float.NegativeInfinity);
    }

    // A padded query would see no key at all, and its softmax would be NaN; it sees itself instead, and nobody reads it.
    private torch.Tensor PromptMask()
    {
        var width = _padding!.shape[3];
        var itself = torch.eye(width, dtype: torch.ScalarType.Bool, device: _model.Device);
        return _padding.add(Attention.Causal(width, width, _padding)).masked_fill(itself, 0);
    }
}

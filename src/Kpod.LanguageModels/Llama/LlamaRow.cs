using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Kpod.LanguageModels.Decoding;
using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Layers;
using TorchSharp;

namespace Kpod.LanguageModels.Llama;

/// <summary>
/// One token of one text through a LLaMA whose weights are packed for a single row (bfloat16, on the CPU): the stream is float32 from the embedding to the logits. At this
/// size the time goes into reading the weights once, if nothing stands beside it; a step by tensors spends half as much again on them.
/// </summary>
internal sealed class LlamaRow
{
    private readonly LlamaModel _model;
    private readonly LlamaConfiguration _shape;
    private readonly IReadOnlyList<LlamaRowLayer> _layers;
    private readonly float[] _norm;
    private readonly PackedMap _output;
    private readonly float[] _frequencies;
    private readonly float[] _cosine;
    private readonly float[] _sine;
    private readonly float[] _stream;
    private readonly float[] _normed;
    private readonly float[] _projected;
    private readonly float[] _attended;
    private readonly float[] _inner;

    /// <summary>Takes a packed model.</summary>
    /// <param name="model">The model; not owned. Its weights stay packed while this is used.</param>
    /// <param name="layers">Its blocks.</param>
    /// <param name="norm">Weight of the last norm.</param>
    /// <param name="output">The output layer.</param>
    public LlamaRow(LlamaModel model, IReadOnlyList<LlamaRowLayer> layers, float[] norm, PackedMap output)
    {
        (_model, _shape, _layers, _norm, _output) = (model, model.Configuration, layers, norm, output);
        _frequencies = TensorRows.Numbers(model.RotaryFrequencies);
        (_cosine, _sine) = (new float[_frequencies.Length], new float[_frequencies.Length]);
        (_stream, _normed) = (new float[_shape.HiddenSize], new float[_shape.HiddenSize]);
        _projected = new float[(_shape.Heads + (2 * _shape.KeyValueHeads)) * _shape.HeadSize];
        _attended = new float[_shape.Heads * _shape.HeadSize];
        _inner = new float[2 * _shape.FeedForwardSize];
    }

    /// <summary>Reads a token.</summary>
    /// <param name="token">Its id.</param>
    /// <param name="position">Its place in the text, from 0.</param>
    /// <param name="cache">Keys and values of the tokens before it; its own are appended.</param>
    /// <returns>Logits of the next token, (1, vocabulary), float32.</returns>
    public torch.Tensor Read(int token, long position, KeyValueCache cache)
    {
        using var scope = torch.NewDisposeScope();
        MemoryMarshal.Cast<byte, float>(_model.InputEmbedding.narrow(0, token, 1).to(torch.ScalarType.Float32).bytes).CopyTo(_stream);
        for (var pair = 0; pair < _frequencies.Length; pair++)
        {
            (_sine[pair], _cosine[pair]) = MathF.SinCos(position * _frequencies[pair]);
        }

        for (var layer = 0; layer < _layers.Count; layer++)
        {
            Attend(_layers[layer], layer, cache);
            FeedForward(_layers[layer]);
        }

        cache.Advance(1);
        Normalise(_stream, _norm, _normed);
        var logits = torch.empty(1, _shape.VocabularySize, dtype: torch.ScalarType.Float32);
        _output.ApplyRow(_normed, MemoryMarshal.Cast<byte, float>(logits.bytes));
        return logits.MoveToOuterDisposeScope();
    }

    private void Attend(LlamaRowLayer layer, int index, KeyValueCache cache)
    {
        using var scope = torch.NewDisposeScope();
        Normalise(_stream, layer.AttentionNorm, _normed);
        layer.QueryKeyValue.ApplyRow(_normed, _projected);
        var keys = _shape.KeyValueHeads * _shape.HeadSize;
        var query = _projected.AsSpan(0, _attended.Length);
        var key = _projected.AsSpan(_attended.Length, keys);
        Turn(query, layer.QueryNorm);
        Turn(key, layer.KeyNorm);
        var (allKeys, allValues) = cache.Append(index, Heads(key), Heads(_projected.AsSpan(_attended.Length + keys)));
        RowAttention.Attend(query, allKeys, allValues, (int)cache.Length + 1, [], 1 / Math.Sqrt(_shape.HeadSize), _attended);
        layer.Output.ApplyRow(_attended, _normed);
        TensorPrimitives.Add(_stream, _normed, _stream);
    }

    private torch.Tensor Heads(ReadOnlySpan<float> numbers)
    {
        var heads = torch.empty(1, _shape.KeyValueHeads, 1, _shape.HeadSize, dtype: torch.ScalarType.Float32);
        numbers.CopyTo(MemoryMarshal.Cast<byte, float>(heads.bytes));
        return heads.to(_model.WeightType);
    }

    private void FeedForward(LlamaRowLayer layer)
    {
        Normalise(_stream, layer.FeedForwardNorm, _normed);
        layer.GateUp.ApplyRow(_normed, _inner);
        var gate = _inner.AsSpan(0, _shape.FeedForwardSize);
        var up = _inner.AsSpan(_shape.FeedForwardSize);

        // silu(gate) · up, with silu(x) = x · sigmoid(x).
        TensorPrimitives.Multiply(up, gate, up);
        TensorPrimitives.Sigmoid(gate, gate);
        TensorPrimitives.Multiply(up, gate, gate);
        layer.Down.ApplyRow(gate, _normed);
        TensorPrimitives.Add(_stream, _normed, _stream);
    }

    private void Normalise(ReadOnlySpan<float> x, float[] weight, Span<float> result)
    {
        var inverse = 1 / MathF.Sqrt((TensorPrimitives.SumOfSquares(x) / x.Length) + (float)_shape.NormEpsilon);
        TensorPrimitives.Multiply(x, inverse, result);
        TensorPrimitives.Multiply(result, weight, result);
    }

    // Each head by its norm, if there is one, and by its place: dimension i turns with dimension i + d/2.
    private void Turn(Span<float> heads, float[]? norm)
    {
        var (width, half) = (_shape.HeadSize, _frequencies.Length);
        for (; heads.Length > 0; heads = heads[width..])
        {
            if (norm is not null)
            {
                Normalise(heads[..width], norm, heads[..width]);
            }

            for (var pair = 0; pair < half; pair++)
            {
                var (first, second) = (heads[pair], heads[half + pair]);
                heads[pair] = (first * _cosine[pair]) - (second * _sine[pair]);
                heads[half + pair] = (second * _cosine[pair]) + (first * _sine[pair]);
            }
        }
    }
}

using Kpod.LanguageModels.Decoding;
using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.T5;

/// <summary>
/// T5 (Raffel et al., 2020): an encoder that sees the prompt in both directions and a decoder that writes behind a start token, both with relative
/// position biases; v1.0 and v1.1 (FlanT5). Weight names are those of the published checkpoints. With bfloat16 weights the residual stream, the
/// norms and the feed-forward output stay in float32, so that large activations are neither rounded away nor overflow.
/// </summary>
public sealed class T5Model : ILanguageModel
{
    private readonly Stack _encoder;
    private readonly Stack _decoder;
    private readonly torch.Tensor _head;
    private readonly bool _hasOwnHead;
    private readonly LinearGroup _output;

    /// <summary>Takes the weights of every layer. The output layer is <c>lm_head.weight</c> where the source holds one, else the input embedding.</summary>
    /// <param name="configuration">The shape.</param>
    /// <param name="weights">Where the weights come from; those taken belong to the model.</param>
    /// <exception cref="KpodException">A weight is missing or has another shape.</exception>
    public T5Model(T5Configuration configuration, IWeightSource weights)
    {
        Configuration = configuration;
        InputEmbedding = TiedWeights.TakeOne(weights, EmbeddingNames(configuration, weights), configuration.VocabularySize, configuration.HiddenSize);
        _encoder = new Stack("encoder", configuration, weights);
        _decoder = new Stack("decoder", configuration, weights);
        var head = configuration.TiedEmbeddings ? TiedWeights.TakeIfOther(weights, TiedWeights.Head, InputEmbedding) : weights.Take(TiedWeights.Head, configuration.VocabularySize, configuration.HiddenSize);
        _hasOwnHead = head is not null;
        _head = head ?? InputEmbedding;
        _output = new LinearGroup(new Linear("lm_head", _head));
        Linears = [.. _encoder.Linears, .. _decoder.Linears];
        Weights = [.. CollectWeights()];
    }

    /// <summary>The shape.</summary>
    public T5Configuration Configuration { get; }

    /// <inheritdoc/>
    public int HiddenSize => Configuration.HiddenSize;

    /// <inheritdoc/>
    public int VocabularySize => Configuration.VocabularySize;

    /// <inheritdoc/>
    public int MaximumLength => int.MaxValue;

    /// <inheritdoc/>
    public bool IsCausal => false;

    /// <inheritdoc/>
    public torch.ScalarType WeightType => InputEmbedding.dtype;

    /// <inheritdoc/>
    public torch.Device Device => InputEmbedding.device;

    /// <inheritdoc/>
    public torch.Tensor InputEmbedding { get; }

    /// <inheritdoc/>
    public bool GradientCheckpointing { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<Linear> Linears { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, torch.Tensor>> Weights { get; }

    /// <summary>The decoder's linear maps, those of one input together, the output layer last.</summary>
    internal IReadOnlyList<LinearGroup> DecoderGroups => [.. _decoder.Blocks.SelectMany(block => block.Groups), _output];

    /// <summary>Looks ids up in the input embedding, which encoder and decoder share.</summary>
    /// <param name="ids">(batch, tokens), int64.</param>
    /// <returns>(batch, tokens, hidden).</returns>
    public torch.Tensor Embed(torch.Tensor ids)
    {
        using var scope = torch.NewDisposeScope();
        return AtenOperator.Rows(InputEmbedding, ids).MoveToOuterDisposeScope();
    }

    /// <summary>Runs the encoder.</summary>
    /// <param name="embeddings">(batch, tokens, hidden): embedded ids, or anything else that is to stand in their place. Gradients flow back into it.</param>
    /// <param name="attentionMask">(batch, tokens), bool: true where there is a token; at least one a row. Null where nothing is padded.</param>
    /// <returns>(batch, tokens, hidden), behind the encoder's last norm; of no meaning at padding.</returns>
    public torch.Tensor Encode(torch.Tensor embeddings, torch.Tensor? attentionMask = null)
    {
        using var scope = torch.NewDisposeScope();
        var bias = _encoder.RelativeBias(0, embeddings.shape[1], embeddings.shape[1]);
        var states = Start(embeddings);
        bias = AdditiveMask(attentionMask) is { } mask ? bias.add(mask) : bias;
        foreach (var block in _encoder.Blocks)
        {
            using var layerScope = torch.NewDisposeScope();
            states = BlockRun.Of(GradientCheckpointing, given => block.Encode(given[0], given[1]), [states, bias]).MoveToOuterDisposeScope();
        }

        return _encoder.LastNorm(states).MoveToOuterDisposeScope();
    }

    /// <summary>Runs the decoder with its own tokens as input.</summary>
    /// <param name="decoderIds">(batch, tokens), int64: the start token, then what is already written; padded on the right.</param>
    /// <param name="encoded">(batch, prompt tokens, hidden), from <see cref="Encode"/>.</param>
    /// <param name="encoderMask">The mask that <see cref="Encode"/> was given.</param>
    /// <returns>(batch, tokens, hidden), behind the decoder's last norm: the state at t predicts what follows token t.</returns>
    public torch.Tensor Decode(torch.Tensor decoderIds, torch.Tensor encoded, torch.Tensor? encoderMask = null)
    {
        using var scope = torch.NewDisposeScope();
        return _decoder.LastNorm(DecoderBlocks(decoderIds, encoded, encoderMask)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor PredictingStates(TeacherForcedBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        var (promptIds, promptMask) = Prompts(batch.Prompts);
        var encoded = Encode(Embed(promptIds), promptMask);
        var (ids, rows) = EncoderDecoderLayout.Shift(batch, Configuration.DecoderStartId);
        var states = DecoderBlocks(torch.tensor(ids, device: Device), encoded, promptMask);
        var predicting = states.view(-1, HiddenSize).index_select(0, torch.tensor(rows, device: Device));
        return _decoder.LastNorm(predicting).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor Logits(torch.Tensor states)
    {
        using var scope = torch.NewDisposeScope();
        var scaled = Configuration.ScaledOutput ? states.mul(1 / Math.Sqrt(HiddenSize)) : states;
        return _output.Forward(scaled)[0].to(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IDecoding StartDecoding(IReadOnlyList<int[]> prompts) => new T5Decoding(this, prompts);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, weight) in Weights)
        {
            weight.Dispose();
        }

        foreach (var linear in Linears)
        {
            linear.Dispose();
        }
    }

    /// <summary>Lays prompts out for the encoder, padded on the right.</summary>
    /// <param name="prompts">Token ids per sequence, at least one each.</param>
    /// <returns>Ids (sequences, tokens), and the mask of <see cref="Encode"/>.</returns>
    internal (torch.Tensor Ids, torch.Tensor? Mask) Prompts(IReadOnlyList<int[]> prompts)
    {
        var (ids, isToken) = EncoderDecoderLayout.Pad(prompts);
        return (torch.tensor(ids, device: Device), isToken is null ? null : torch.tensor(isToken, device: Device));
    }

    /// <summary>Writes the keys and values of the cross attentions, which stay the same for every token that is written.</summary>
    /// <param name="encoded">(batch, prompt tokens, hidden).</param>
    /// <param name="cross">An empty cache.</param>
    internal void ReadEncoded(torch.Tensor encoded, KeyValueCache cross)
    {
        foreach (var block in _decoder.Blocks)
        {
            var (key, value) = block.Cross!.KeysAndValues(encoded);
            cross.Append(block.Index, key, value);
        }

        cross.Advance(encoded.shape[1]);
    }

    /// <summary>Runs the decoder on one more token a sequence.</summary>
    /// <param name="ids">(batch, 1), int64.</param>
    /// <param name="own">What the decoder wrote before.</param>
    /// <param name="cross">From <see cref="ReadEncoded"/>.</param>
    /// <param name="crossMask">(batch, 1, 1, prompt tokens), additive, or null.</param>
    /// <returns>(batch, hidden), behind the last norm.</returns>
    internal torch.Tensor DecodeNext(torch.Tensor ids, KeyValueCache own, KeyValueCache cross, torch.Tensor? crossMask)
    {
        using var scope = torch.NewDisposeScope();
        var (seen, width) = (own.Length + 1, own.WidthWith(1));
        var bias = _decoder.RelativeBias(own.Length, 1, seen);
        if (width > seen)
        {
            bias = torch.cat([bias, torch.full(1, bias.shape[1], 1, width - seen, float.NegativeInfinity, dtype: bias.dtype, device: bias.device)], -1);
        }

        var states = Start(Embed(ids));
        foreach (var block in _decoder.Blocks)
        {
            using var layerScope = torch.NewDisposeScope();
            states = block.Decode(states, bias, own, cross.Read(block.Index), crossMask).MoveToOuterDisposeScope();
        }

        own.Advance(1);
        return _decoder.LastNorm(states).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>Turns a mask of tokens into what is added to attention scores.</summary>
    /// <param name="attentionMask">(batch, tokens), bool, or null.</param>
    /// <returns>(batch, 1, 1, tokens): 0 at tokens, -∞ at padding; null for null.</returns>
    internal torch.Tensor? AdditiveMask(torch.Tensor? attentionMask) => attentionMask is null
        ? null
        : torch.zeros(attentionMask.shape[0], 1, 1, attentionMask.shape[1], dtype: WeightType, device: Device)
            .masked_fill(attentionMask.logical_not().unsqueeze(1).unsqueeze(1), float.NegativeInfinity);

    private static torch.Tensor Start(torch.Tensor embeddings) => embeddings.to(torch.ScalarType.Float32);

    private torch.Tensor DecoderBlocks(torch.Tensor decoderIds, torch.Tensor encoded, torch.Tensor? encoderMask)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = decoderIds.shape[1];
        var bias = _decoder.RelativeBias(0, tokens, tokens);
        bias = bias.add(Attention.Causal(tokens, tokens, bias));
        torch.Tensor[] surroundings = AdditiveMask(encoderMask) is { } crossMask ? [bias, encoded, crossMask] : [bias, encoded];
        var states = Start(Embed(decoderIds));
        foreach (var block in _decoder.Blocks)
        {
            using var layerScope = torch.NewDisposeScope();
            states = BlockRun.Of(GradientCheckpointing, block.Decode, [states, .. surroundings]).MoveToOuterDisposeScope();
        }

        return states.MoveToOuterDisposeScope();
    }

    // A tool that stores a shared matrix once keeps it under any of the places that share it.
    private static string[] EmbeddingNames(T5Configuration configuration, IWeightSource weights)
    {
        string[] names = ["shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"];
        return configuration.TiedEmbeddings && !names.Any(weights.Contains) && weights.Contains(TiedWeights.Head) ? [TiedWeights.Head] : names;
    }

    private IEnumerable<KeyValuePair<string, torch.Tensor>> CollectWeights()
    {
        yield return new("shared.weight", InputEmbedding);
        foreach (var weight in _encoder.Weights.Concat(_decoder.Weights))
        {
            yield return weight;
        }

        if (_hasOwnHead)
        {
            yield return new("lm_head.weight", _head);
        }
    }

    /// <summary>Encoder or decoder: its blocks, the relative bias that all of them share, and the last norm.</summary>
    private sealed class Stack
    {
        private readonly T5Configuration _configuration;
        private readonly string _name;
        private readonly torch.Tensor _relativeBias;
        private readonly T5Norm _norm;
        private readonly bool _isEncoder;

        public Stack(string name, T5Configuration configuration, IWeightSource weights)
        {
            _configuration = configuration;
            _name = name;
            _isEncoder = name == "encoder";
            var count = _isEncoder ? configuration.EncoderLayers : configuration.DecoderLayers;
            _relativeBias = weights.Take(BiasName, configuration.RelativeBuckets, configuration.Heads);
            Blocks = [.. Enumerable.Range(0, count).Select(index => new Block($"{name}.block.{index}", index, !_isEncoder, configuration, weights))];
            _norm = new T5Norm($"{name}.final_layer_norm", configuration, weights);
        }

        public Block[] Blocks { get; }

        public IEnumerable<Linear> Linears => Blocks.SelectMany(block => block.Linears);

        public IEnumerable<KeyValuePair<string, torch.Tensor>> Weights =>
            [new(BiasName, _relativeBias), .. Blocks.SelectMany(block => block.Norms.Select(norm => norm.Named)), .. Linears.SelectMany(linear => linear.Weights()), _norm.Named];

        private string BiasName => $"{_name}.block.0.layer.0.SelfAttention.relative_attention_bias.weight";

        public torch.Tensor LastNorm(torch.Tensor states) => _norm.Forward(states);

        // (1, heads, queries, keys): the bias of key j for query i depends on the bucket of j - i alone.
        public torch.Tensor RelativeBias(long firstQuery, long queries, long keys)
        {
            using var scope = torch.NewDisposeScope();
            var farthest = firstQuery + queries - 1;
            var buckets = new long[farthest + keys];
            for (var index = 0L; index < buckets.LongLength; index++)
            {
                buckets[index] = RelativeBuckets.Of(index - farthest, _isEncoder, _configuration.RelativeBuckets, _configuration.RelativeMaximumDistance);
            }

            var device = _relativeBias.device;
            var distance = torch.arange(keys, device: device).unsqueeze(0) - torch.arange(firstQuery, firstQuery + queries, device: device).unsqueeze(1) + farthest;
            var bucket = torch.tensor(buckets, device: device).index_select(0, distance.view(-1));
            return AtenOperator.Rows(_relativeBias, bucket.view(queries, keys)).permute(2, 0, 1).unsqueeze(0).contiguous().MoveToOuterDisposeScope();
        }
    }

    /// <summary>Self-attention, in the decoder cross attention, feed-forward; each behind a norm and added to the stream.</summary>
    private sealed class Block
    {
        private readonly SelfOrCrossAttention _self;
        private readonly T5FeedForward _feedForward;

        public Block(string name, int index, bool isDecoder, T5Configuration configuration, IWeightSource weights)
        {
            Index = index;
            _self = new SelfOrCrossAttention($"{name}.layer.0", isCross: false, configuration, weights);
            Cross = isDecoder ? new SelfOrCrossAttention($"{name}.layer.1", isCross: true, configuration, weights) : null;
            _feedForward = new T5FeedForward($"{name}.layer.{(isDecoder ? 2 : 1)}", configuration, weights);
        }

        public int Index { get; }

        public SelfOrCrossAttention? Cross { get; }

        public IEnumerable<Linear> Linears => [.. _self.Linears, .. Cross?.Linears ?? [], .. _feedForward.Linears];

        public IEnumerable<LinearGroup> Groups => [.. _self.Groups, .. Cross?.Groups ?? [], .. _feedForward.Groups];

        public IEnumerable<T5Norm> Norms => Cross is null ? [_self.Norm, _feedForward.Norm] : [_self.Norm, Cross.Norm, _feedForward.Norm];

        public torch.Tensor Encode(torch.Tensor states, torch.Tensor bias)
        {
            return _feedForward.AddTo(states.add(_self.AttendItself(_self.Norm.Forward(states), bias, Index, own: null)));
        }

        // Given are states, relative bias, encoded prompts and, where they are padded, their mask.
        public torch.Tensor Decode(IReadOnlyList<torch.Tensor> given) => Decode(given[0], given[1], own: null, Cross!.KeysAndValues(given[2]), given.ElementAtOrDefault(3));

        public torch.Tensor Decode(torch.Tensor states, torch.Tensor bias, KeyValueCache? own, (torch.Tensor, torch.Tensor) encoded, torch.Tensor? crossMask)
        {
            states = states.add(_self.AttendItself(_self.Norm.Forward(states), bias, Index, own));
            states = states.add(Cross!.Attend(Cross.Norm.Forward(states), encoded, crossMask));
            return _feedForward.AddTo(states);
        }
    }

    /// <summary>Attention without a scale and without biases in its maps, of a text to itself or to what the encoder made of the prompt.</summary>
    private sealed class SelfOrCrossAttention
    {
        private readonly int _heads;
        private readonly int _width;

        public SelfOrCrossAttention(string layer, bool isCross, T5Configuration configuration, IWeightSource weights)
        {
            (_heads, _width) = (configuration.Heads, configuration.HeadSize);
            var (inner, hidden) = (_heads * _width, configuration.HiddenSize);
            var module = $"{layer}.{(isCross ? "EncDecAttention" : "SelfAttention")}";
            var query = weights.TakeLinear($"{module}.q", inner, hidden);
            var key = weights.TakeLinear($"{module}.k", inner, hidden);
            var value = weights.TakeLinear($"{module}.v", inner, hidden);
            var output = weights.TakeLinear($"{module}.o", hidden, inner);
            Linears = [query, key, value, output];
            Groups = isCross ? [new(key, value), new(query), new(output)] : [new(key, value, query), new(output)];
            Norm = new T5Norm($"{layer}.layer_norm", configuration, weights);
        }

        public T5Norm Norm { get; }

        public IReadOnlyList<Linear> Linears { get; }

        // Maps of one input: key, value and, of a text to itself, query; otherwise query; output.
        public IReadOnlyList<LinearGroup> Groups { get; }

        public torch.Tensor AttendItself(torch.Tensor normed, torch.Tensor bias, int layer, KeyValueCache? own)
        {
            var projected = Groups[0].Forward(normed);
            var (key, value) = (Heads(projected[0]), Heads(projected[1]));
            if (own is not null)
            {
                (key, value) = own.Append(layer, key, value);
            }

            return Groups[1].Forward(Attention.Attend(Heads(projected[2]), key, value, bias, scale: 1))[0];
        }

        public (torch.Tensor Keys, torch.Tensor Values) KeysAndValues(torch.Tensor encoded)
        {
            var projected = Groups[0].Forward(encoded);
            return (Heads(projected[0]), Heads(projected[1]));
        }

        public torch.Tensor Attend(torch.Tensor normed, (torch.Tensor Keys, torch.Tensor Values) attended, torch.Tensor? mask) =>
            Groups[2].Forward(Attention.Attend(Heads(Groups[1].Forward(normed)[0]), attended.Keys, attended.Values, mask, scale: 1))[0];

        // (batch, tokens, heads · width) -> (batch, heads, tokens, width)
        private torch.Tensor Heads(torch.Tensor projected) => projected.view(projected.shape[0], projected.shape[1], _heads, _width).transpose(1, 2);
    }
}

using Kpod.LanguageModels.Decoding;
using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Llama;

/// <summary>
/// A decoder of the LLaMA family (Touvron et al., 2023; Mistral, Qwen2 and Qwen3 differ by biases and norms): norm, attention with rotary
/// positions, norm, gated feed-forward, each added to the stream. Weight names are those of the published checkpoints.
/// </summary>
public sealed class LlamaModel : ILanguageModel
{
    private const string EmbeddingName = "model.embed_tokens.weight";

    private readonly LlamaLayer[] _layers;
    private readonly torch.Tensor _norm;
    private readonly torch.Tensor _head;
    private readonly LinearGroup _output;

    /// <summary>Takes the weights of every layer.</summary>
    /// <param name="configuration">The shape.</param>
    /// <param name="weights">Where the weights come from; those taken belong to the model.</param>
    /// <exception cref="KpodException">A weight is missing or has another shape.</exception>
    public LlamaModel(LlamaConfiguration configuration, IWeightSource weights)
    {
        var (vocabulary, hidden) = (configuration.VocabularySize, configuration.HiddenSize);
        InputEmbedding = TiedWeights.TakeOne(weights, EmbeddingNames(configuration, weights), vocabulary, hidden);
        _layers = [.. Enumerable.Range(0, configuration.Layers).Select(index => new LlamaLayer(index, configuration, weights))];
        _norm = weights.Take("model.norm.weight", hidden);
        _head = configuration.TiedEmbeddings ? TiedWeights.TakeIfOther(weights, TiedWeights.Head, InputEmbedding) ?? InputEmbedding : weights.Take(TiedWeights.Head, vocabulary, hidden);
        Configuration = configuration with { TiedEmbeddings = ReferenceEquals(_head, InputEmbedding) };
        _output = new LinearGroup(new Linear("lm_head", _head));
        RotaryFrequencies = Frequencies(configuration, InputEmbedding.device);
        Linears = [.. _layers.SelectMany(layer => layer.Linears)];
        Weights = [.. CollectWeights()];
    }

    /// <summary>The shape; the embeddings are tied only where the source holds no output layer of other values, whatever was asked for.</summary>
    public LlamaConfiguration Configuration { get; }

    /// <inheritdoc/>
    public int HiddenSize => Configuration.HiddenSize;

    /// <inheritdoc/>
    public int VocabularySize => Configuration.VocabularySize;

    /// <inheritdoc/>
    public int MaximumLength => Configuration.MaximumLength;

    /// <inheritdoc/>
    public bool IsCausal => true;

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

    /// <summary>Every linear map, those of one input together, the output layer last.</summary>
    internal IReadOnlyList<LinearGroup> Groups => [.. _layers.SelectMany(layer => layer.Groups), _output];

    /// <summary>theta^(-2i/d) for each rotary pair i, after any scaling.</summary>
    internal torch.Tensor RotaryFrequencies { get; }

    /// <summary>Looks ids up in the input embedding.</summary>
    /// <param name="ids">(batch, tokens), int64.</param>
    /// <returns>(batch, tokens, hidden).</returns>
    public torch.Tensor Embed(torch.Tensor ids)
    {
        using var scope = torch.NewDisposeScope();
        return AtenOperator.Rows(InputEmbedding, ids).MoveToOuterDisposeScope();
    }

    /// <summary>Runs the blocks and the last norm.</summary>
    /// <param name="embeddings">(batch, tokens, hidden): embedded ids, or anything else that is to stand in their place. Gradients flow back into it.</param>
    /// <param name="positions">(batch or 1, tokens), int64: place of each token in its own text, from 0.</param>
    /// <param name="additiveMask">
    /// (batch, 1, tokens, keys), of the weights' type: 0 where a token sees a key, -∞ where not; each token must see at least one key.
    /// Null for plain causal attention, which serves right-padded batches too.
    /// </param>
    /// <param name="cache">Keys and values of what was read before; the new tokens are appended. Null for none.</param>
    /// <returns>(batch, tokens, hidden): states behind the last norm.</returns>
    public torch.Tensor Forward(torch.Tensor embeddings, torch.Tensor positions, torch.Tensor? additiveMask = null, KeyValueCache? cache = null)
    {
        using var scope = torch.NewDisposeScope();
        var states = Blocks(embeddings, positions, additiveMask, cache);
        return RmsNorm.Apply(states, _norm, Configuration.NormEpsilon).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor PredictingStates(TeacherForcedBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        var (ids, rows) = CausalLayout.Join(batch);
        var positions = torch.arange(ids.GetLength(1), device: Device).unsqueeze(0);
        var states = Blocks(Embed(torch.tensor(ids, device: Device)), positions, additiveMask: null, cache: null);
        var predicting = states.view(-1, HiddenSize).index_select(0, torch.tensor(rows, device: Device));
        return RmsNorm.Apply(predicting, _norm, Configuration.NormEpsilon).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor Logits(torch.Tensor states)
    {
        using var scope = torch.NewDisposeScope();
        return _output.Forward(states)[0].to(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IDecoding StartDecoding(IReadOnlyList<int[]> prompts) => new LlamaDecoding(this, prompts);

    /// <summary>The model as it writes one text.</summary>
    /// <returns>Null unless the weights are packed for it.</returns>
    internal LlamaRow? Row() => RowAttention.Serves(Configuration.HeadSize) && Groups.All(group => group.Packed is { IsForRows: true })
        ? new LlamaRow(this, [.. _layers.Select(layer => layer.Row())], TensorRows.Numbers(_norm), _output.Packed!)
        : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var linear in Linears)
        {
            linear.Dispose();
        }

        foreach (var (_, weight) in Weights)
        {
            weight.Dispose();
        }

        RotaryFrequencies.Dispose();
    }

    private torch.Tensor Blocks(torch.Tensor embeddings, torch.Tensor positions, torch.Tensor? additiveMask, KeyValueCache? cache)
    {
        using var scope = torch.NewDisposeScope();
        var (tokens, before) = (embeddings.shape[1], cache?.Length ?? 0);
        if (additiveMask is null && before > 0 && tokens > 1)
        {
            additiveMask = Attention.Causal(tokens, before + tokens, embeddings);
        }

        var causal = additiveMask is null && tokens > 1 ? new CausalMasks(tokens, Configuration.Heads / Configuration.KeyValueHeads, embeddings) : null;
        var rotation = Rotation.At(positions, RotaryFrequencies, embeddings.dtype);
        var states = embeddings;
        foreach (var layer in _layers)
        {
            // One scope a layer: what is not needed for the gradient goes at once.
            using var layerScope = torch.NewDisposeScope();
            states = (cache is null ? Trained(layer, states, rotation, additiveMask, causal) : layer.Forward(states, rotation, additiveMask, causal, cache)).MoveToOuterDisposeScope();
        }

        cache?.Advance(tokens);
        return states.MoveToOuterDisposeScope();
    }

    private torch.Tensor Trained(LlamaLayer layer, torch.Tensor states, Rotation rotation, torch.Tensor? mask, CausalMasks? causal)
    {
        torch.Tensor[] surroundings = [rotation.Cosine, rotation.SignedSine, .. mask is null ? [] : new[] { mask }, .. causal?.Blocks.Select(block => block.Mask) ?? []];
        return BlockRun.Of(
            GradientCheckpointing,
            given => layer.Forward(given[0], new Rotation(given[1], given[2]), mask is null ? null : given[3], causal?.With([.. given.Skip(3)]), cache: null),
            [states, .. surroundings]);
    }

    // theta^(-2i/d) in float32, as the reference computes it: at thousands of positions its rounding shows.
    private static torch.Tensor Frequencies(LlamaConfiguration configuration, torch.Device device)
    {
        var frequencies = new float[configuration.HeadSize / 2];
        for (var pair = 0; pair < frequencies.Length; pair++)
        {
            frequencies[pair] = 1 / MathF.Pow((float)configuration.RopeTheta, 2f * pair / configuration.HeadSize);
        }

        configuration.RopeScaling?.Apply(frequencies);
        return torch.tensor(frequencies, device: device).DetachFromDisposeScope();
    }

    // A tool that stores a shared matrix once may have kept it under the output layer's name.
    private static string[] EmbeddingNames(LlamaConfiguration configuration, IWeightSource weights) =>
        configuration.TiedEmbeddings && !weights.Contains(EmbeddingName) && weights.Contains(TiedWeights.Head) ? [TiedWeights.Head] : [EmbeddingName];

    private IEnumerable<KeyValuePair<string, torch.Tensor>> CollectWeights()
    {
        yield return new(EmbeddingName, InputEmbedding);
        foreach (var weight in _layers.SelectMany(layer => layer.Weights))
        {
            yield return weight;
        }

        yield return new("model.norm.weight", _norm);
        if (!Configuration.TiedEmbeddings)
        {
            yield return new(TiedWeights.Head, _head);
        }
    }

    /// <summary>One block.</summary>
    private sealed class LlamaLayer
    {
        private readonly LlamaConfiguration _configuration;
        private readonly int _index;
        private readonly torch.Tensor _attentionNorm;
        private readonly torch.Tensor _feedForwardNorm;
        private readonly torch.Tensor? _queryNorm;
        private readonly torch.Tensor? _keyNorm;
        private readonly Linear _query;
        private readonly Linear _key;
        private readonly Linear _value;
        private readonly Linear _output;
        private readonly Linear _gate;
        private readonly Linear _up;
        private readonly Linear _down;

        public LlamaLayer(int index, LlamaConfiguration configuration, IWeightSource weights)
        {
            _configuration = configuration;
            _index = index;
            var (hidden, inner, width) = (configuration.HiddenSize, configuration.FeedForwardSize, configuration.HeadSize);
            var name = $"model.layers.{index}";
            _attentionNorm = weights.Take($"{name}.input_layernorm.weight", hidden);
            _query = weights.TakeLinear($"{name}.self_attn.q_proj", configuration.Heads * width, hidden, configuration.QueryKeyValueBias);
            _key = weights.TakeLinear($"{name}.self_attn.k_proj", configuration.KeyValueHeads * width, hidden, configuration.QueryKeyValueBias);
            _value = weights.TakeLinear($"{name}.self_attn.v_proj", configuration.KeyValueHeads * width, hidden, configuration.QueryKeyValueBias);
            _output = weights.TakeLinear($"{name}.self_attn.o_proj", hidden, configuration.Heads * width, configuration.AttentionOutputBias);
            _queryNorm = configuration.QueryKeyNorm ? weights.Take($"{name}.self_attn.q_norm.weight", width) : null;
            _keyNorm = configuration.QueryKeyNorm ? weights.Take($"{name}.self_attn.k_norm.weight", width) : null;
            _feedForwardNorm = weights.Take($"{name}.post_attention_layernorm.weight", hidden);
            _gate = weights.TakeLinear($"{name}.mlp.gate_proj", inner, hidden, configuration.FeedForwardBias);
            _up = weights.TakeLinear($"{name}.mlp.up_proj", inner, hidden, configuration.FeedForwardBias);
            _down = weights.TakeLinear($"{name}.mlp.down_proj", hidden, inner, configuration.FeedForwardBias);
            Groups = [new LinearGroup(_query, _key, _value), new LinearGroup(_output), new LinearGroup(_gate, _up), new LinearGroup(_down)];
        }

        // Maps of one input: query, key and value; output; gate and up; down.
        public LinearGroup[] Groups { get; }

        public IReadOnlyList<Linear> Linears => [_query, _key, _value, _output, _gate, _up, _down];

        public IEnumerable<KeyValuePair<string, torch.Tensor>> Weights
        {
            get
            {
                var name = $"model.layers.{_index}";
                yield return new($"{name}.input_layernorm.weight", _attentionNorm);
                yield return new($"{name}.post_attention_layernorm.weight", _feedForwardNorm);
                if (_queryNorm is not null && _keyNorm is not null)
                {
                    yield return new($"{name}.self_attn.q_norm.weight", _queryNorm);
                    yield return new($"{name}.self_attn.k_norm.weight", _keyNorm);
                }

                foreach (var weight in Linears.SelectMany(linear => linear.Weights()))
                {
                    yield return weight;
                }
            }
        }

        public LlamaRowLayer Row() => new(
            TensorRows.Numbers(_attentionNorm), _queryNorm is null ? null : TensorRows.Numbers(_queryNorm), _keyNorm is null ? null : TensorRows.Numbers(_keyNorm), TensorRows.Numbers(_feedForwardNorm),
            Groups[0].Packed!, Groups[1].Packed!, Groups[2].Packed!, Groups[3].Packed!);

        public torch.Tensor Forward(torch.Tensor states, Rotation rotation, torch.Tensor? mask, CausalMasks? causal, KeyValueCache? cache)
        {
            var normed = RmsNorm.Apply(states, _attentionNorm, _configuration.NormEpsilon);
            states = states.add(Groups[1].Forward(Attend(normed, rotation, mask, causal, cache))[0]);
            normed = RmsNorm.Apply(states, _feedForwardNorm, _configuration.NormEpsilon);
            var gateAndUp = Groups[2].Forward(normed);
            return states.add(Groups[3].Forward(SwiGlu.Apply(gateAndUp[0], gateAndUp[1]))[0]);
        }

        private torch.Tensor Attend(torch.Tensor normed, Rotation rotation, torch.Tensor? mask, CausalMasks? causal, KeyValueCache? cache)
        {
            var projected = Groups[0].Forward(normed);
            var query = Heads(projected[0], _configuration.Heads, _queryNorm);
            var key = Heads(projected[1], _configuration.KeyValueHeads, _keyNorm);
            var value = Heads(projected[2], _configuration.KeyValueHeads, norm: null);
            var scale = 1 / Math.Sqrt(_configuration.HeadSize);
            if (causal is not null && cache is null && Attention.IsInOnePass(query))
            {
                return CausalAttention.Apply(query, key, value, rotation.Cosine, rotation.SignedSine, scale);
            }

            (query, key, value) = (rotation.Apply(query.transpose(1, 2)), rotation.Apply(key.transpose(1, 2)), value.transpose(1, 2));
            if (cache is not null)
            {
                (key, value) = cache.Append(_index, key, value);
            }

            return causal is null ? Attention.Attend(query, key, value, mask, scale) : Attention.AttendCausally(query, key, value, causal, scale);
        }

        // (batch, tokens, heads · width) -> (batch, tokens, heads, width)
        private torch.Tensor Heads(torch.Tensor projected, int heads, torch.Tensor? norm)
        {
            var split = projected.view(projected.shape[0], projected.shape[1], heads, _configuration.HeadSize);
            return norm is null ? split : RmsNorm.Apply(split, norm, _configuration.NormEpsilon);
        }
    }

    /// <summary>Rotary positions: dimension i turns with dimension i + d/2 by the angle position · frequency i (Su et al., 2021).</summary>
    private sealed class Rotation
    {
        public Rotation(torch.Tensor cosine, torch.Tensor signedSine)
        {
            Cosine = cosine;
            SignedSine = signedSine;
        }

        // (batch or 1, 1, tokens, d).
        public torch.Tensor Cosine { get; }

        public torch.Tensor SignedSine { get; }

        public static Rotation At(torch.Tensor positions, torch.Tensor frequencies, torch.ScalarType type)
        {
            // Once per forward pass for all layers: (batch or 1, 1, tokens, d/2).
            var angles = positions.to(torch.ScalarType.Float32).unsqueeze(1).unsqueeze(-1).mul(frequencies);
            var (cosine, sine) = (angles.cos(), angles.sin());
            return new Rotation(torch.cat([cosine, cosine], -1).to(type), torch.cat([sine.neg(), sine], -1).to(type));
        }

        // x: (batch, heads, tokens, d)
        public torch.Tensor Apply(torch.Tensor x) => torch.addcmul(x.mul(Cosine), x.roll(x.shape[^1] / 2, -1), SignedSine, value: 1);
    }
}

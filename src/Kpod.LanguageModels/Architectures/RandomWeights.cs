using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.LanguageModels.Architectures;

/// <summary>
/// Freshly drawn weights for training from nothing: norms 1, biases 0, matrices normal with the deviation that transformers gives each.
/// A weight depends on seed, name and shape alone, not on the order in which weights are taken.
/// </summary>
public sealed class RandomWeights : IWeightSource
{
    private readonly ModelConfiguration _configuration;
    private readonly long _seed;
    private readonly torch.ScalarType _type;
    private readonly torch.Device? _device;

    /// <summary>Prepares to draw the weights of a model.</summary>
    /// <param name="configuration">The model's shape.</param>
    /// <param name="seed">Another seed gives other weights.</param>
    /// <param name="type">Type of the weights; they are drawn in float32 and rounded.</param>
    /// <param name="device">Where they shall be; null for the CPU.</param>
    public RandomWeights(ModelConfiguration configuration, long seed, torch.ScalarType type = torch.ScalarType.Float32, torch.Device? device = null)
    {
        _configuration = configuration;
        _seed = seed;
        _type = type;
        _device = device;
    }

    /// <inheritdoc/>
    public bool Contains(string name) => name switch
    {
        TiedWeights.Head => _configuration is T5Configuration { TiedEmbeddings: false } or LlamaConfiguration { TiedEmbeddings: false },

        // The places that share T5's one embedding.
        "encoder.embed_tokens.weight" or "decoder.embed_tokens.weight" => false,
        _ => true,
    };

    /// <inheritdoc/>
    public torch.Tensor Take(string name, params ReadOnlySpan<long> shape)
    {
        using var scope = torch.NewDisposeScope();
        var size = shape.ToArray();
        using var generator = new torch.Generator((ulong)Seeds.Derive(_seed, name));
        var weight = name switch
        {
            _ when name.EndsWith(".bias", StringComparison.Ordinal) => torch.zeros(size),
            _ when size.Length == 1 => torch.ones(size),
            _ => torch.randn(size, generator: generator).mul(Deviation(name)),
        };
        return weight.to(_type).to(_device ?? torch.CPU).DetachFromDisposeScope();
    }

    private double Deviation(string name) => _configuration switch
    {
        LlamaConfiguration llama => llama.InitialDeviation,
        T5Configuration t5 => t5.InitialFactor * Deviation(t5, name[..^".weight".Length].Split('.')[^1]),
        _ => throw new ArgumentException($"No deviation is known for {_configuration.GetType().Name}."),
    };

    // The queries take up the missing 1/√width of T5's attention. transformers draws an untied output layer with deviation 1, which makes the first
    // logits √hidden times too large; here they have unit variance, as those of the tied and scaled output have.
    private static double Deviation(T5Configuration t5, string module) => module switch
    {
        "shared" => 1,
        "q" => 1 / Math.Sqrt((double)t5.HiddenSize * t5.HeadSize),
        "o" => 1 / Math.Sqrt((double)t5.Heads * t5.HeadSize),
        "wo" => 1 / Math.Sqrt(t5.FeedForwardSize),
        _ => 1 / Math.Sqrt(t5.HiddenSize),
    };
}

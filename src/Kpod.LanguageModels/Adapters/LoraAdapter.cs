using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.LanguageModels.Adapters;

/// <summary>A LoRA adapter on a model: the low-rank pairs on its linear maps, float32 and ready to be trained while the model's own weights stay as they are.</summary>
public sealed class LoraAdapter
{
    private readonly IReadOnlyList<Linear> _linears;

    private LoraAdapter(ILanguageModel model, LoraOptions options, IReadOnlyList<Linear> linears)
    {
        Model = model;
        Options = options;
        _linears = linears;
    }

    /// <summary>The model that it is on.</summary>
    public ILanguageModel Model { get; }

    /// <summary>Its shape.</summary>
    public LoraOptions Options { get; }

    /// <summary>The factors in the order of the model's linear maps, A before B, named as PEFT names them but for its prefix: <c>model.layers.0.self_attn.q_proj.lora_A.weight</c>.</summary>
    public IReadOnlyList<NamedParameter> Parameters =>
    [
        .. _linears.SelectMany(linear => new[]
        {
            new NamedParameter(NameOfA(linear.Name), linear.Lora!.A),
            new NamedParameter(NameOfB(linear.Name), linear.Lora.B),
        }),
    ];

    /// <summary>
    /// Puts a fresh adapter on a model. As in PEFT, A is uniform in ±1/√inputs (Kaiming's rule with a = √5) and B is zero, so that the model computes
    /// what it did before. A is drawn from one generator in the order of the model's linear maps, whatever the device.
    /// </summary>
    /// <param name="model">The model; without an adapter so far.</param>
    /// <param name="options">The adapter's shape.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <returns>The adapter.</returns>
    /// <exception cref="KpodException">A value is out of range or a target matches no linear map.</exception>
    public static LoraAdapter Attach(ILanguageModel model, LoraOptions options, long seed)
    {
        Check(model, options);
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        return Attach(model, options, linear =>
        {
            var bound = 1 / Math.Sqrt(linear.Inputs);
            var a = torch.empty([options.Rank, linear.Inputs], torch.ScalarType.Float32).uniform_(-bound, bound, generator);
            return (a, torch.zeros([linear.Outputs, options.Rank], torch.ScalarType.Float32));
        });
    }

    /// <summary>Puts an adapter with given factors on a model.</summary>
    /// <param name="model">The model; without an adapter so far.</param>
    /// <param name="options">The adapter's shape.</param>
    /// <param name="factors">Per linear map A, (rank, inputs), and B, (outputs, rank); copied.</param>
    /// <returns>The adapter.</returns>
    internal static LoraAdapter Attach(ILanguageModel model, LoraOptions options, Func<Linear, (torch.Tensor A, torch.Tensor B)> factors)
    {
        if (model.Linears.Any(linear => linear.Lora is not null))
        {
            throw new InvalidOperationException("The model carries an adapter already; detach it first.");
        }

        var linears = model.Linears.Where(linear => options.Selects(linear.Name)).ToList();
        var pairs = new List<LoraPair>(linears.Count);
        foreach (var linear in linears)
        {
            using var scope = torch.NewDisposeScope();
            var (a, b) = factors(linear);
            pairs.Add(new LoraPair(Trainable(a, model.Device), Trainable(b, model.Device), options.Scaling));
        }

        // All or none: a fault in the last factor leaves the model as it was.
        foreach (var (linear, pair) in linears.Zip(pairs))
        {
            linear.Lora = pair;
        }

        return new LoraAdapter(model, options, linears);
    }

    /// <summary>Takes the adapter off the model and disposes of its factors; the model computes as before it was attached.</summary>
    public void Detach()
    {
        foreach (var linear in _linears)
        {
            linear.Lora?.Dispose();
            linear.Lora = null;
        }
    }

    internal static string NameOfA(string linear) => $"{linear}.lora_A.weight";

    internal static string NameOfB(string linear) => $"{linear}.lora_B.weight";

    private static torch.Tensor Trainable(torch.Tensor factor, torch.Device device) =>
        factor.to(torch.ScalarType.Float32, device, copy: true).requires_grad_().DetachFromDisposeScope();

    private static void Check(ILanguageModel model, LoraOptions options)
    {
        var faults = options.Check().ToList();
        foreach (var target in options.Targets.Where(target => !model.Linears.Any(linear => LoraOptions.Matches(target, linear.Name))))
        {
            var known = model.Linears.Select(linear => linear.Name[(linear.Name.LastIndexOf('.') + 1)..]).Distinct(StringComparer.Ordinal);
            faults.Add($"the target '{target}' matches no linear map of the model; it has {string.Join(", ", known)}");
        }

        if (faults.Count > 0)
        {
            throw KpodException.FromFaults("LoRA adapter", faults);
        }
    }
}

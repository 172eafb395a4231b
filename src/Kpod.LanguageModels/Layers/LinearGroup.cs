using TorchSharp;

namespace Kpod.LanguageModels.Layers;

/// <summary>Linear maps of one input, which are a single product while they are packed for decoding.</summary>
internal sealed class LinearGroup
{
    private readonly Linear[] _linears;

    /// <summary>Groups maps.</summary>
    /// <param name="linears">The maps; not owned.</param>
    public LinearGroup(params Linear[] linears) => _linears = linears;

    /// <summary>The maps as a single one, while they are packed.</summary>
    public PackedMap? Packed { get; private set; }

    // A map that is held in float32 (T5's feed-forward output) stays as it is.
    private bool CanBePacked => Array.TrueForAll(_linears, linear => linear.WeightType == torch.ScalarType.BFloat16);

    /// <summary>Applies each map.</summary>
    /// <param name="x">(…, inputs).</param>
    /// <returns>(…, outputs) of each map in order; while packed views of one tensor.</returns>
    public torch.Tensor[] Forward(torch.Tensor x)
    {
        if (Packed is null || torch.is_grad_enabled())
        {
            return torch.is_grad_enabled() && AdaptedMaps.Serve(_linears) ? AdaptedMaps.Apply(_linears, x) : Array.ConvertAll(_linears, linear => linear.Forward(x));
        }

        var together = Packed.Apply(x);
        if (_linears.Length == 1)
        {
            return [together];
        }

        var start = 0L;
        return Array.ConvertAll(_linears, linear =>
        {
            start += linear.Outputs;
            return together.narrow(-1, start - linear.Outputs, linear.Outputs);
        });
    }

    /// <summary>What <see cref="Pack"/> will need.</summary>
    /// <param name="rows">Rows of the products to come.</param>
    /// <returns>Bytes of memory.</returns>
    public long BytesToPack(int rows) => CanBePacked ? PackedMap.BytesFor(_linears, rows) : 0;

    /// <summary>Adds the adapters into the weights and packs them together, where they are bfloat16; on the CPU.</summary>
    /// <param name="rows">Rows of the products to come.</param>
    public void Pack(int rows) => Packed = CanBePacked ? new PackedMap(_linears, rows) : null;

    /// <summary>Drops what was packed.</summary>
    public void Unpack()
    {
        Packed?.Dispose();
        Packed = null;
    }
}

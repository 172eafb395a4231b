using System.Runtime.Intrinsics.X86;
using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Llama;
using Kpod.LanguageModels.T5;
using TorchSharp;

namespace Kpod.LanguageModels.Architectures;

/// <summary>
/// A model's weights with its adapter added in, laid out for decoding, while it lasts: on the CPU in bfloat16, where a product of few rows spends half of its time
/// on rearranging the weight. The adapter is added in float32 and the sum rounded to bfloat16, where the model itself rounds twice; so a text may differ.
/// In float32 nothing is packed and nothing changes.
/// </summary>
internal sealed class PackedWeights : IDisposable
{
    // A second copy of larger weights is not worth its memory: there the time goes into reading them.
    private const long LargestBytes = 2L << 30;

    private readonly IReadOnlyList<LinearGroup> _groups;

    private PackedWeights(IReadOnlyList<LinearGroup> groups) => _groups = groups;

    /// <summary>Packs a model's weights.</summary>
    /// <param name="model">The model, with or without an adapter.</param>
    /// <param name="rows">Rows of the products to come: sequences written at once.</param>
    /// <returns>The packing, to be disposed of before weights or adapter change; null where there is nothing to gain.</returns>
    public static PackedWeights? Of(ILanguageModel model, int rows)
    {
        // oneDNN computes in bfloat16 from AVX-512 on.
        if (model.Device.type != DeviceType.CPU || model.WeightType != torch.ScalarType.BFloat16 || !Avx512BW.IsSupported)
        {
            return null;
        }

        var groups = model switch { LlamaModel llama => llama.Groups, T5Model t5 => t5.DecoderGroups, _ => [] };
        if (groups.Any(group => group.Packed is not null) || groups.Sum(group => group.BytesToPack(rows)) > LargestBytes)
        {
            return null;
        }

        var packed = new PackedWeights(groups);
        using var noGradient = torch.no_grad();
        foreach (var group in groups)
        {
            group.Pack(rows);
        }

        return packed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in _groups)
        {
            group.Unpack();
        }
    }
}

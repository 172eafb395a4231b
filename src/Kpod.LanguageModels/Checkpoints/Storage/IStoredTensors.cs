using Kpod.LanguageModels.Quantisation;
using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Storage;

/// <summary>The weights of a checkpoint as they lie on disk, under their published (Hugging Face) names, whatever the format.</summary>
internal interface IStoredTensors : IDisposable
{
    /// <summary>The file or folder.</summary>
    string Path { get; }

    /// <summary>Every published name.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>The shape of a tensor.</summary>
    /// <param name="name">Published name.</param>
    /// <returns>Null where there is no such tensor.</returns>
    IReadOnlyList<long>? ShapeOf(string name);

    /// <summary>How messages call a tensor: the file that holds it, or should, and the name that it has there.</summary>
    /// <param name="name">Published name.</param>
    /// <returns>Such as <c>model.safetensors: the weight 'lm_head.weight'</c>.</returns>
    string Describe(string name);

    /// <summary>Reads a tensor that exists.</summary>
    /// <param name="name">Published name.</param>
    /// <param name="decodedTo">float32 or bfloat16, for what is quantised.</param>
    /// <returns>The tensor in main memory; floating point as stored, or <paramref name="decodedTo"/> where it was quantised.</returns>
    torch.Tensor Read(string name, torch.ScalarType decodedTo = torch.ScalarType.Float32);

    /// <summary>Reads the quantised blocks of a matrix that exists.</summary>
    /// <param name="name">Published name.</param>
    /// <returns>(rows, bytes of a row), 8-bit, in main memory, and how they are decoded; null where it is not stored in blocks.</returns>
    (torch.Tensor Blocks, GgufType Type)? ReadBlocks(string name) => null;
}

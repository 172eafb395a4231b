using TorchSharp;

namespace Kpod.LanguageModels.Checkpoints.Storage;

/// <summary>A tensor that is to be written, read or computed only when its turn comes, so that one at a time is in memory.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions, outermost first.</param>
/// <param name="Read">Gives the tensor, anywhere, of any floating-point type; called in a dispose scope that ends when it is written.</param>
internal sealed record TensorSource(string Name, IReadOnlyList<long> Shape, Func<torch.Tensor> Read)
{
    /// <summary>Number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>A tensor that is in memory.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="tensor">The tensor; not owned.</param>
    /// <returns>The source.</returns>
    public static TensorSource Of(string name, torch.Tensor tensor) => new(name, tensor.shape, tensor.alias);
}

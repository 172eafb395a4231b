using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>
/// What a hand-written backward pass gives back. libtorch takes it over only after the function has returned, and TorchSharp keeps the handle until the scope of the whole
/// training step ends; so a gradient for each layer would pile up. Here it is let go when the next function of the same thread gives something back.
/// </summary>
internal static class BackwardResult
{
    [ThreadStatic]
    private static List<torch.Tensor>? _previous;

    /// <summary>Moves gradients out of the function's dispose scope.</summary>
    /// <param name="gradientOfResult">What the function was given; let go at once.</param>
    /// <param name="gradients">One for each argument of the function; null where there is none.</param>
    /// <returns>The gradients.</returns>
    public static List<torch.Tensor> Of(torch.Tensor gradientOfResult, params IEnumerable<torch.Tensor?> gradients) => Of([gradientOfResult], gradients);

    /// <summary>The same for a function of several results.</summary>
    /// <param name="gradientsOfResults">What the function was given, null for a result on which nothing depends; let go at once.</param>
    /// <param name="gradients">One for each argument of the function; null where there is none.</param>
    /// <returns>The gradients.</returns>
    public static List<torch.Tensor> Of(IReadOnlyList<torch.Tensor?> gradientsOfResults, IEnumerable<torch.Tensor?> gradients)
    {
        List<torch.Tensor> moved = [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
        foreach (var gradient in gradientsOfResults)
        {
            gradient?.Dispose();
        }

        _previous?.ForEach(gradient => gradient.Dispose());
        _previous = [.. moved.Where(gradient => gradient is not null)];
        return moved;
    }
}

using System.Globalization;
using TorchSharp;

namespace Kpod.Verification.Results;

/// <summary>max|a - b| / max|b| of two tensors, and where it is.</summary>
internal static class TensorDifference
{
    /// <summary>Compares our numbers with recorded ones.</summary>
    /// <param name="recorded">b.</param>
    /// <param name="computed">a; the same shape.</param>
    /// <returns>The relative difference over the whole tensor and its place in words. A number that is not finite where the other is another counts as infinitely different.</returns>
    public static (double Difference, string Place) Of(torch.Tensor recorded, torch.Tensor computed)
    {
        if (!recorded.shape.SequenceEqual(computed.shape))
        {
            return (double.PositiveInfinity, $"recorded is the shape {Shape(recorded)}, computed {Shape(computed)}");
        }

        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var (b, a) = (Double(recorded), Double(computed));
        if (b.shape[0] == 0)
        {
            return (0, "no values");
        }

        var same = b.eq(a).logical_or(b.isnan().logical_and(a.isnan()));
        var distance = a.sub(b).abs().masked_fill(same, 0);
        distance = distance.masked_fill(distance.isnan(), double.PositiveInfinity);
        var size = b.abs().masked_fill(b.isfinite().logical_not(), 0).max().item<double>();
        var index = distance.argmax().item<long>();
        var place = string.Create(
            CultureInfo.InvariantCulture, $"at [{Coordinates(index, recorded.shape)}]: recorded {b[index].item<double>():G7}, computed {a[index].item<double>():G7}");
        return (distance[index].item<double>() / (size == 0 ? 1 : size), place);
    }

    private static torch.Tensor Double(torch.Tensor tensor) => tensor.cpu().to(torch.ScalarType.Float64).reshape(-1);

    private static string Shape(torch.Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static string Coordinates(long index, long[] shape)
    {
        var coordinates = new long[shape.Length];
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            (index, coordinates[dimension]) = Math.DivRem(index, shape[dimension]);
        }

        return string.Join(", ", coordinates);
    }
}

using System.Globalization;
using Kpod.Verification.Results;
using TorchSharp;
using Xunit;

namespace Kpod.LanguageModels.Testing;

/// <summary>Compares tensors with reference numbers by max|a - b| / max|b| over the whole tensor, and prints the difference.</summary>
public static class TensorAssert
{
    /// <summary>Asserts that a tensor is what the reference says.</summary>
    /// <param name="expected">The reference.</param>
    /// <param name="actual">Our numbers; the same shape.</param>
    /// <param name="tolerance">Largest relative difference.</param>
    /// <param name="what">Names the tensor in output and message.</param>
    public static void Close(torch.Tensor expected, torch.Tensor actual, double tolerance, string what)
    {
        var difference = RelativeDifference(expected, actual);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {difference:E1}"));
        Assert.True(difference <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{what} differs by {difference:E2} of its largest number; at most {tolerance:E0} is right"));
    }

    /// <summary>max|a - b| / max|b|; not a number counts as infinitely different.</summary>
    /// <param name="expected">b.</param>
    /// <param name="actual">a; the same shape.</param>
    /// <returns>The relative difference.</returns>
    public static double RelativeDifference(torch.Tensor expected, torch.Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        return TensorDifference.Of(expected, actual).Difference;
    }
}

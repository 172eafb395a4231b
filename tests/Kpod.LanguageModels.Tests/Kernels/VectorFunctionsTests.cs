using System.Numerics;
using Kpod.LanguageModels.Kernels;

namespace Kpod.LanguageModels.Tests.Kernels;

public sealed unsafe class VectorFunctionsTests
{
    [Fact]
    public void Exponentials_are_right_to_two_units_in_the_last_place()
    {
        for (var x = -87.2f; x < 88.2f; x += 0.0137f)
        {
            var exact = Math.Exp(x);
            Assert.True(Math.Abs(VectorFunctions.Exponential(new Vector<float>(x))[0] - exact) < 2.4e-7 * exact, $"e^{x}");
        }

        Assert.Equal(1, VectorFunctions.Exponential(Vector<float>.Zero)[0]);
        Assert.Equal(0, VectorFunctions.Exponential(new Vector<float>(float.NegativeInfinity))[0]);
        Assert.Equal(0, VectorFunctions.Exponential(new Vector<float>(-200))[0]);
        Assert.True(float.IsNaN(VectorFunctions.Exponential(new Vector<float>(float.NaN))[0]));
        Assert.True(VectorFunctions.Exponential(new Vector<float>(float.PositiveInfinity))[0] > 1e38f);
    }

    [Fact]
    public void The_largest_is_found_in_every_place()
    {
        using var memory = new RowMemory(3 * Vector<float>.Count);
        var values = new Span<float>(memory.Start, 3 * Vector<float>.Count);
        for (var place = 0; place < values.Length; place++)
        {
            values.Fill(-5);
            values[place] = -2;
            Assert.Equal(-2, VectorFunctions.Largest(memory.Start, values.Length));
            values[place] = float.NaN;
            Assert.True(float.IsNaN(VectorFunctions.Largest(memory.Start, values.Length)));
        }
    }
}

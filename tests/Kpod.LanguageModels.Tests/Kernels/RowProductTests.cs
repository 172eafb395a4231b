using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Kernels;

public sealed class RowProductTests
{
    [Theory]
    [InlineData(1, 32)]
    [InlineData(7, 96)]
    [InlineData(257, 576)]
    public void A_row_is_multiplied_as_in_float32(int outputs, int inputs)
    {
        Assert.SkipUnless(Vector512.IsHardwareAccelerated, "needs vectors of 512 bits");
        using var scope = torch.NewDisposeScope();
        var (first, second) = (Weight(outputs, inputs, 1), Weight(3, inputs, 2));
        var x = torch.randn(1, inputs, generator: new torch.Generator(3, torch.CPU));
        var y = torch.empty(1, outputs + 3);
        RowProduct.Multiply(Numbers(x), [first, second], Numbers(y));
        TensorAssert.Close(y, torch.nn.functional.linear(x, torch.cat([first, second], 0).to(torch.ScalarType.Float32)), 1e-6, $"{outputs} x {inputs}");
    }

    [Fact]
    public void Threads_change_nothing()
    {
        Assert.SkipUnless(Vector512.IsHardwareAccelerated, "needs vectors of 512 bits");
        using var scope = torch.NewDisposeScope();
        var weight = Weight(515, 512, 1);
        var x = torch.randn(1, 512, generator: new torch.Generator(2, torch.CPU));
        var threads = torch.get_num_threads();
        var results = new List<float[]>();
        try
        {
            foreach (var count in new[] { 1, 2, 3 })
            {
                torch.set_num_threads(count);
                var y = torch.empty(1, 515);
                RowProduct.Multiply(Numbers(x), [weight], Numbers(y));
                results.Add([.. Numbers(y)]);
            }
        }
        finally
        {
            torch.set_num_threads(threads);
        }

        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void Other_types_and_widths_are_not_served()
    {
        using var scope = torch.NewDisposeScope();
        Assert.False(RowProduct.Serves(torch.ones(4, 64)));
        Assert.False(RowProduct.Serves(Weight(4, 48, 1)));
        Assert.False(RowProduct.Serves(Weight(64, 4, 1).t()));
    }

    [Theory]
    [InlineData(4, 2, 32, false)]
    [InlineData(6, 6, 64, true)]
    public void A_single_query_is_answered_as_in_float32(int heads, int sharedHeads, int width, bool withMask)
    {
        Assert.SkipUnless(Vector512.IsHardwareAccelerated, "needs vectors of 512 bits");
        const int Keys = 21;
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var generator = new torch.Generator(5, torch.CPU);
        torch.Tensor Random(params long[] shape) => torch.randn(shape, generator: generator).to(torch.ScalarType.BFloat16);
        var (query, key, value) = (Random(1, heads, 1, width), Random(1, sharedHeads, Keys, width), Random(1, sharedHeads, Keys, width));
        var mask = withMask ? Random(1, heads, 1, Keys) : null;
        mask?.narrow(3, 18, 3).fill_(float.NegativeInfinity);
        Assert.True(RowAttention.Serves(query, key, value));
        var wide = torch.ScalarType.Float32;
        var expected = Attention.Attend(query.to(wide), key.to(wide), value.to(wide), mask?.to(wide), scale: 0.3);

        // The one rounding of the result is bfloat16's.
        TensorAssert.Close(RowAttention.Attend(query, key, value, mask, scale: 0.3).view(expected.shape).to(wide), expected, 4e-3, "attention");
        var result = new float[heads * width];
        RowAttention.Attend(Numbers(query.to(wide).contiguous()), key, value, Keys, mask is null ? [] : Numbers(mask.to(wide).contiguous()), 0.3, result);
        TensorAssert.Close(torch.tensor(result).view(expected.shape), expected, 1e-6, "attention before rounding");
    }

    private static torch.Tensor Weight(long outputs, long inputs, ulong seed) => torch.randn(outputs, inputs, generator: new torch.Generator(seed, torch.CPU)).to(torch.ScalarType.BFloat16);

    private static Span<float> Numbers(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}

using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Layers;
using Kpod.LanguageModels.Quantisation;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Quantisation;

public sealed class QuantisedWeightTests
{
    private static readonly TeacherForcedBatch Batch = new(
        [[5, 6, 7, 8], [9, 10]], [[11, 12, 1], [13, 14, 15, 16, 1]], [[false, true, true], [true, true, true, true, true]]);

    public static TheoryData<string> Types => [.. GgufType.All.Values.Where(type => type.Decode is not null).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Decoded_are_the_numbers_that_loading_gives(string name)
    {
        var type = GgufType.Named(name);
        using var scope = torch.NewDisposeScope();
        const long Rows = 19, Columns = 1024; // several pieces and a part of one
        var blocks = torch.from_array(RandomBlocks(type, Rows * Columns)).view(Rows, type.Bytes(Columns));
        var values = new float[Rows * Columns];
        type.Decode!(blocks.bytes, values);
        var loaded = torch.tensor(values).view(Rows, Columns);
        var threads = torch.get_num_threads();
        foreach (var (weightType, used) in new[] { (torch.ScalarType.Float32, 1), (torch.ScalarType.BFloat16, 1), (torch.ScalarType.BFloat16, 2) })
        {
            torch.set_num_threads(used);
            var weight = new QuantisedWeight(blocks, Columns, type.Decode.Invoke, new DecodingRoom(), weightType, torch.CPU);
            AssertSame(loaded.to(weightType), weight.Decode());
            AssertSame(loaded.to(weightType).to(torch.ScalarType.Float32), weight.InFloat32().Decode());
        }

        torch.set_num_threads(threads);
    }

    [Fact]
    public void Rounding_to_bfloat16_is_that_of_libtorch()
    {
        using var scope = torch.NewDisposeScope();
        float[] special = [0, -0f, 1, -1, 1.00390625f, 1.01171875f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, 3.3961776e38f];
        var random = new Random(1);
        float[] values = [.. special, .. Enumerable.Range(0, 1000).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))).Where(value => !float.IsNaN(value))];
        var rounded = new ushort[values.Length];
        BfloatRounding.Round(values, rounded);
        var expected = torch.tensor(values).to(torch.ScalarType.BFloat16);
        Assert.Equal(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(expected.bytes).ToArray(), rounded);

        var inPlace = values.ToArray();
        BfloatRounding.Round(inPlace.AsSpan());
        Assert.Equal(expected.to(torch.ScalarType.Float32).data<float>().ToArray(), inPlace);

        // Not a number stays one, whatever its bits.
        BfloatRounding.Round([BitConverter.UInt32BitsToSingle(0x7FFFFFFF), float.NaN], rounded);
        Assert.Equal([0x7FC0, 0x7FC0], rounded[..2]);
    }

    [Theory]
    [InlineData("mistral-Q4_0", torch.ScalarType.BFloat16)]
    [InlineData("mistral-Q4_0", torch.ScalarType.Float32)]
    [InlineData("llama-Q4_K_M", torch.ScalarType.BFloat16)]
    [InlineData("llama-mha-untied-Q8_0", torch.ScalarType.Float32)]
    [InlineData("t5-flan-gated-untied-Q8_0", torch.ScalarType.BFloat16)]
    [InlineData("t5-flan-gated-untied-Q8_0", torch.ScalarType.Float32)]
    public void Training_on_it_gives_the_losses_and_adapters_of_decoded_weights_to_the_bit(string file, torch.ScalarType type)
    {
        (double[] Losses, byte[][] Adapter, byte[] Logits) Train(bool keepsQuantised, bool checkpointing = false)
        {
            using var scope = torch.NewDisposeScope();
            using var model = CheckpointLoader.LoadModel(SharedFolder.PathOf("fixtures", "gguf", "models", file + ".gguf"), type, TestDevice.Current, keepsQuantised);
            Assert.Equal(keepsQuantised, model.Linears.Any(linear => linear.IsQuantised));
            model.GradientCheckpointing = checkpointing;
            var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 4 }, seed: 3);
            var options = new OptimizerOptions { LearningRate = 1e-2, Course = LearningRateCourse.Constant };
            using var adam = new Adam(adapter.Parameters, options);
            var step = new OptimizerStep(adam, options, totalSteps: 5);
            double[] losses = [.. Enumerable.Range(0, 5).Select(_ => step.Take([Loss], _ => "test").Loss)];
            LossSum Loss() => TokenLoss.Weighted(TokenLoss.NegativeLogLikelihoods(model, Batch), [.. Enumerable.Range(1, Batch.SupervisedCount).Select(token => token / 4f)]);

            using var noGradient = torch.no_grad();
            return (losses, [.. adapter.Parameters.Select(parameter => parameter.Value.cpu().bytes.ToArray())], TokenLoss.NegativeLogLikelihoods(model, Batch).cpu().bytes.ToArray());
        }

        var dense = Train(keepsQuantised: false);
        Assert.True(dense.Losses[^1] < dense.Losses[0]);
        foreach (var kept in new[] { Train(keepsQuantised: true), Train(keepsQuantised: true, checkpointing: true) })
        {
            Assert.Equal(dense.Losses, kept.Losses);
            Assert.Equal(dense.Adapter, kept.Adapter);
            Assert.Equal(dense.Logits, kept.Logits);
        }
    }

    [Theory]
    [InlineData(torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.BFloat16)]
    public void A_map_with_bias_and_adapter_gives_results_and_gradients_of_its_decoded_weight_to_the_bit(torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        const long Outputs = 48, Inputs = 64;
        var stored = GgufType.Named("Q5_1");
        var weight = new QuantisedWeight(
            torch.from_array(RandomBlocks(stored, Outputs * Inputs)).view(Outputs, stored.Bytes(Inputs)), Inputs, stored.Decode!.Invoke, new DecodingRoom(), type, TestDevice.Current);
        using var generator = new torch.Generator(1, torch.CPU);
        torch.Tensor Draw(params long[] shape) => torch.randn(shape, generator: generator).to(TestDevice.Current);
        var (bias, a, b, start) = (Draw(Outputs).to(type), Draw(4, Inputs), Draw(Outputs, 4), Draw(2, 7, Inputs).to(type));

        torch.Tensor[] Run(Linear linear, long[] shape)
        {
            linear.Lora = new LoraPair(a.clone().requires_grad_(true), b.clone().requires_grad_(true), 0.5);
            var x = start.reshape(shape).clone().requires_grad_(true);
            var y = linear.Forward(x);
            y.square().sum().backward();
            return [y, x.grad!, linear.Lora.A.grad!, linear.Lora.B.grad!];
        }

        foreach (var shape in new long[][] { [2, 7, Inputs], [14, Inputs] })
        {
            var dense = Run(new Linear("test", weight.Decode(), bias), shape);
            var kept = Run(new Linear("test", weight, bias), shape);
            Assert.All(dense.Zip(kept), pair => AssertSame(pair.First.cpu(), pair.Second.cpu()));
        }
    }

    [Fact]
    public void Live_tensors_stay_flat()
    {
        using var model = CheckpointLoader.LoadModel(SharedFolder.PathOf("fixtures", "gguf", "models", "mistral-Q4_0.gguf"), torch.ScalarType.Float32, TestDevice.Current, keepsQuantised: true);
        var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 4 }, seed: 3);
        var options = new OptimizerOptions();
        using var adam = new Adam(adapter.Parameters, options);
        var step = new OptimizerStep(adam, options, totalSteps: 30);
        var weights = Enumerable.Repeat(1f, Batch.SupervisedCount).ToArray();
        LeakCheck.IsFlat(() => step.Take([() => TokenLoss.Weighted(TokenLoss.NegativeLogLikelihoods(model, Batch), weights)], _ => "test"), steps: 25);
        adapter.Detach();
    }

    [Fact]
    public void A_model_that_is_not_quantised_is_refused()
    {
        var file = SharedFolder.PathOf("fixtures", "gguf", "models", "llama-gqa-tied-F32.gguf");
        var folder = SharedFolder.PathOf("fixtures", "models", "llama-gqa-tied");
        foreach (var path in new[] { file, folder })
        {
            var exception = Assert.Throws<KpodException>(() => CheckpointLoader.LoadModel(path, torch.ScalarType.Float32, torch.CPU, keepsQuantised: true));
            Assert.Equal(
                $"{path}: its linear maps are not quantised, so they cannot be kept that way. Write a quantised file first (kpod export, --dtype q8_0), or do not ask for it (student.keepQuantised).",
                exception.Message);
        }
    }

    // Any bytes are blocks, but scales shall be numbers: their halves lie in the first four bytes or, with Q6_K, in the last two.
    private static byte[] RandomBlocks(GgufType type, long elements)
    {
        var bytes = new byte[type.Bytes(elements)];
        var random = new Random(1);
        random.NextBytes(bytes);
        for (var block = 0; block < bytes.Length; block += type.BlockBytes)
        {
            // Where the type has its scales; IQ1_M spreads its own over the upper bits of its last eight bytes, where these bits keep it finite.
            var places = type.Name switch
            {
                "Q6_K" or "Q3_K" or "TQ1_0" or "TQ2_0" => [type.BlockBytes - 2],
                "Q2_K" => [80, 82],
                "IQ1_M" => [48, 50, 52, 54],
                _ => new[] { 0, 2 },
            };
            foreach (var place in places)
            {
                BitConverter.TryWriteBytes(bytes.AsSpan(block + place), type.Name == "IQ1_M" ? (Half)0.01f : (Half)(random.NextDouble() - 0.5));
            }
        }

        return bytes;
    }

    private static void AssertSame(torch.Tensor expected, torch.Tensor actual)
    {
        Assert.Equal((expected.dtype, expected.shape.Length), (actual.dtype, actual.shape.Length));
        Assert.True(expected.contiguous().bytes.SequenceEqual(actual.bytes));
    }
}

using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.LanguageModels.Tests;

public sealed class GradientCheckpointingTests
{
    private static readonly TeacherForcedBatch[] MicroBatches =
    [
        new([[5, 6, 7, 8], [9, 10]], [[11, 12, 1], [13, 14, 15, 16, 1]], [[false, true, true], [true, true, true, true, true]]),
        new([[17, 18, 19]], [[20, 21, 1]], [[true, true, true]]),
    ];

    [Theory]
    [InlineData("llama", torch.ScalarType.Float32)]
    [InlineData("llama", torch.ScalarType.BFloat16)]
    [InlineData("t5", torch.ScalarType.Float32)]
    [InlineData("t5", torch.ScalarType.BFloat16)]
    public void Losses_and_gradients_of_an_adapter_are_the_same_to_the_bit(string family, torch.ScalarType type)
    {
        (string, byte[])[] Gradients(bool checkpointing)
        {
            using var model = Model(family, type);
            model.GradientCheckpointing = checkpointing;
            var adapter = Adapter(model);
            return [.. Accumulate(model, adapter.Parameters)];
        }

        AssertSame(Gradients(checkpointing: false), Gradients(checkpointing: true));
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    public void Gradients_of_every_weight_are_the_same_to_the_bit(string family)
    {
        (string, byte[])[] Gradients(bool checkpointing)
        {
            using var model = Model(family, torch.ScalarType.Float32);
            model.GradientCheckpointing = checkpointing;
            return [.. Accumulate(model, [.. model.Weights.Select(weight => new NamedParameter(weight.Key, weight.Value.requires_grad_(true)))])];
        }

        AssertSame(Gradients(checkpointing: false), Gradients(checkpointing: true));
    }

    [Fact]
    public void Gradients_reach_embeddings_and_a_mask_that_every_block_shares()
    {
        (string, byte[])[] Gradients(bool checkpointing)
        {
            using var scope = torch.NewDisposeScope();
            using var model = TinyModel.Llama();
            model.GradientCheckpointing = checkpointing;
            var device = TestDevice.Current;
            var embeddings = model.Embed(torch.tensor(new long[] { 5, 6, 7, 8 }, device: device).unsqueeze(0)).requires_grad_(true);
            var mask = torch.zeros(1, 1, 4, 4, device: device).requires_grad_(true);
            model.Forward(embeddings, torch.arange(4, device: device).unsqueeze(0), mask).square().sum().backward();
            return [("embeddings", Bytes(embeddings.grad!)), ("mask", Bytes(mask.grad!))];
        }

        AssertSame(Gradients(checkpointing: false), Gradients(checkpointing: true));
    }

    [Fact]
    public void A_block_is_run_again_in_the_backward_pass_and_only_there()
    {
        using var scope = torch.NewDisposeScope();
        var runs = 0;
        torch.Tensor Square(IReadOnlyList<torch.Tensor> given)
        {
            runs++;
            return given[0].square();
        }

        var x = torch.tensor([3f]).requires_grad_(true);
        var y = BlockRun.Of(checkpointing: true, Square, x);
        Assert.Equal(1, runs);
        y.sum().backward();
        Assert.Equal(2, runs);
        Assert.Equal(6, x.grad!.item<float>());
        using var noGradient = torch.no_grad();
        BlockRun.Of(checkpointing: true, Square, x);
        Assert.Equal(3, runs);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("t5")]
    public void Live_tensors_stay_flat(string family)
    {
        using var model = Model(family, torch.ScalarType.Float32);
        model.GradientCheckpointing = true;
        var adapter = Adapter(model);
        var options = new OptimizerOptions();
        using var adam = new Adam(adapter.Parameters, options);
        var step = new OptimizerStep(adam, options, totalSteps: 30);
        LeakCheck.IsFlat(() => step.Take([.. MicroBatches.Select(batch => (Func<LossSum>)(() => Loss(model, batch)))], _ => "test"), steps: 25);
        adapter.Detach();
    }

    private static ILanguageModel Model(string family, torch.ScalarType type) => family == "t5" ? TinyModel.T5(type: type) : TinyModel.Llama(type: type);

    // B is not zero, so that A has a gradient.
    private static LoraAdapter Adapter(ILanguageModel model)
    {
        var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 4 }, seed: 1);
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var generator = new torch.Generator(2, torch.CPU);
        foreach (var parameter in adapter.Parameters)
        {
            parameter.Value.copy_(torch.randn(parameter.Value.shape, generator: generator).mul(0.1));
        }

        return adapter;
    }

    private static IEnumerable<(string, byte[])> Accumulate(ILanguageModel model, IReadOnlyList<NamedParameter> parameters)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var batch in MicroBatches)
        {
            var loss = Loss(model, batch).Sum;
            loss.backward();
            yield return ("loss", Bytes(loss));
        }

        foreach (var parameter in parameters)
        {
            yield return (parameter.Name, Bytes(parameter.Value.grad!));
        }
    }

    private static LossSum Loss(ILanguageModel model, TeacherForcedBatch batch) =>
        TokenLoss.Weighted(TokenLoss.NegativeLogLikelihoods(model, batch), [.. Enumerable.Range(1, batch.SupervisedCount).Select(token => token / 4f)]);

    private static byte[] Bytes(torch.Tensor tensor) => tensor.detach().cpu().bytes.ToArray();

    private static void AssertSame((string Name, byte[] Bytes)[] expected, (string Name, byte[] Bytes)[] actual)
    {
        Assert.Equal(expected.Select(value => value.Name), actual.Select(value => value.Name));
        Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.Bytes.SequenceEqual(pair.Second.Bytes), pair.First.Name));
        Assert.All(expected, value => Assert.Contains(value.Bytes, static part => part != 0));
    }
}

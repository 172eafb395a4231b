using Kpod.Distillation.Training;
using Kpod.Distillation.Methods.PlainCot;
using Kpod.Distillation.Options;
using Kpod.Distillation.Visits;
using Kpod.Files;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Testing;
using Kpod.LanguageModels.Training;
using Kpod.Runs;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.Tests.Distillation.Training;

public sealed class DistillerTests : IDisposable
{
    private static readonly DistillationItem[] All = [.. Enumerable.Range(0, 9).Select(index =>
        Items.Make($"q{index}", 0, [.. Enumerable.Range(0, 3 + index).Select(token => 5 + ((token * 7) + index) % 60)], [2, 3 + index], prompt: [.. Enumerable.Range(3, 2 + (index % 4))]))];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 7)]
    [InlineData(true, 4)]
    public void A_training_that_was_stopped_and_resumed_ends_with_the_same_bytes(bool encoderDecoder, int stopAfter)
    {
        var options = new DistillationOptions { Epochs = 4, BatchSize = 2, AccumulationSteps = 2, SaveEverySteps = 3, Lora = new LoraOptions { Rank = 2 } };
        var whole = Train("whole", encoderDecoder, options, stopAfter: null);
        Assert.Throws<OperationCanceledException>(() => Train("cut", encoderDecoder, options, stopAfter));
        var resumed = Train("cut", encoderDecoder, options, stopAfter: null);
        Assert.Equal(whole, resumed);
        Assert.Equal(Log("whole"), Log("cut"));
    }

    [Fact]
    public void A_state_of_other_inputs_is_not_resumed()
    {
        var options = new DistillationOptions { Epochs = 2, BatchSize = 3, SaveEverySteps = 2, Lora = new LoraOptions { Rank = 2 } };
        Assert.Throws<OperationCanceledException>(() => Train("cut", false, options, stopAfter: 3));
        var other = Train("cut", false, options, stopAfter: null, inputs: "other");
        Assert.Equal(Train("whole", false, options, stopAfter: null), other);
    }

    [Fact]
    public void Batches_of_eight_and_of_one_accumulated_train_to_the_same_adapter()
    {
        var batch = Train("a", false, new DistillationOptions { Epochs = 2, BatchSize = 8, Lora = new LoraOptions { Rank = 2 } }, null, take: 8);
        var single = Train("b", false, new DistillationOptions { Epochs = 2, BatchSize = 1, AccumulationSteps = 8, Lora = new LoraOptions { Rank = 2 } }, null, take: 8);
        var ragged = Train("c", false, new DistillationOptions { Epochs = 2, BatchSize = 3, AccumulationSteps = 3, Lora = new LoraOptions { Rank = 2 } }, null, take: 8);
        for (var index = 0; index < batch.Length; index++)
        {
            // Adam's first steps are learning rate times sign: float noise in a tiny gradient could show, so the bound is a share of two steps.
            Assert.Equal(batch[index], single[index], 2e-5f);
            Assert.Equal(batch[index], ragged[index], 2e-5f);
        }
    }

    [Fact]
    public void A_sample_that_makes_the_loss_no_number_is_named_with_its_batch()
    {
        // Not tied to the output layer, where the row would break every sample.
        using var untied = TinyModel.T5();
        using (torch.NewDisposeScope())
        using (torch.no_grad())
        {
            untied.InputEmbedding[95].fill_(float.NaN);
        }

        var options = new DistillationOptions { Epochs = 1, BatchSize = 3, Lora = new LoraOptions { Rank = 2 } };
        DistillationItem[] items = [.. All[..2], Items.Make("bad", 0, [5, 6, 7], [1, 3], prompt: [3, 95])];
        var adapter = LoraAdapter.Attach(untied, options.Lora, seed: 5);
        var files = new TrainingFiles(_folder.PathOf("state.safetensors"), _folder.PathOf("log.jsonl"), "same");
        var fault = Assert.Throws<WorkFailedException>(() => new Distiller(untied, adapter.Parameters, options, seed: 11, TimeProvider.System)
            .Train(items, new PlainCotMethod(), files, progress: null, TestContext.Current.CancellationToken));
        Assert.Contains("is NaN in micro-batch 1 of 1: bad#0 (in a batch with q", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hundred_steps_leave_no_tensor_behind()
    {
        using var model = TinyModel.Llama();
        var adapter = LoraAdapter.Attach(model, new LoraOptions { Rank = 2 }, 1);
        var options = new OptimizerOptions();
        using var adam = new Adam(adapter.Parameters, options);
        var step = new OptimizerStep(adam, options, totalSteps: 1000);
        var method = new PlainCotMethod();
        LeakCheck.IsFlat(() => step.Take([() => DistillationLoss.Of(model, [.. All[..4].Select(item => method.Visit(item, 1))])], _ => string.Empty), steps: 200);
    }

    private float[] Train(string name, bool encoderDecoder, DistillationOptions options, int? stopAfter, string inputs = "same", int take = 9)
    {
        using ILanguageModel model = encoderDecoder ? TinyModel.T5() : TinyModel.Llama();
        var adapter = LoraAdapter.Attach(model, options.Lora, seed: 5);
        using var source = new CancellationTokenSource();
        var files = new TrainingFiles(_folder.PathOf(name, "state.safetensors"), _folder.PathOf(name, "log.jsonl"), inputs);
        new Distiller(model, adapter.Parameters, options, seed: 11, TimeProvider.System)
            .Train(All[..take], new PlainCotMethod(), files, new StopAt(stopAfter, source), source.Token);
        return [.. adapter.Parameters.SelectMany(parameter => parameter.Value.cpu().data<float>().ToArray())];
    }

    private IEnumerable<TrainingLogPoint> Log(string name) =>
        JsonArtefact.ReadLines<TrainingLogPoint>(_folder.PathOf(name, "log.jsonl")).Select(point => point with { Seconds = 0 });

    private sealed class StopAt(int? step, CancellationTokenSource source) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Done == step)
            {
                source.Cancel();
            }
        }
    }
}

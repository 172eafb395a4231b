using Kpod.Distillation.Options;
using Kpod.Distillation.Visits;
using Kpod.LanguageModels;
using Kpod.LanguageModels.Training;
using Kpod.Runs;
using TorchSharp;

namespace Kpod.Distillation.Training;

/// <summary>Trains a student: the one training loop of all methods. Its state can be saved and restored at any optimizer step, to the byte.</summary>
internal sealed class Distiller
{
    private readonly ILanguageModel _student;
    private readonly IReadOnlyList<NamedParameter> _parameters;
    private readonly DistillationOptions _options;
    private readonly long _seed;
    private readonly TimeProvider _time;

    /// <summary>Prepares a training.</summary>
    /// <param name="student">The student, with what is to be trained requiring gradients.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="options">Epochs, batches, optimizer.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="time">Measures the steps.</param>
    public Distiller(ILanguageModel student, IReadOnlyList<NamedParameter> parameters, DistillationOptions options, long seed, TimeProvider time)
    {
        _student = student;
        _parameters = parameters;
        _options = options;
        _seed = seed;
        _time = time;
    }

    /// <summary>Trains from the start, or from the state that a training of the same inputs left behind.</summary>
    /// <param name="items">The rationales.</param>
    /// <param name="method">What a visit teaches.</param>
    /// <param name="files">Where state and log lie.</param>
    /// <param name="progress">Is told after each optimizer step.</param>
    /// <param name="cancel">Ends the training after the step under way, with its state saved.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public void Train(
        IReadOnlyList<DistillationItem> items,
        IDistillationMethod method,
        TrainingFiles files,
        IProgress<StageProgress>? progress,
        CancellationToken cancel)
    {
        var plan = new VisitPlan(items, _options, method.StagesPerEpoch, _seed);
        using var adam = new Adam(_parameters, _options.Optimizer);
        files.TryRestore(adam);
        using var log = TrainingLog.Open(files.LogPath, adam.StepCount);
        var optimizerStep = new OptimizerStep(adam, _options.Optimizer, plan.TotalSteps);
        while (adam.StepCount < plan.TotalSteps)
        {
            if (cancel.IsCancellationRequested)
            {
                files.Save(adam);
                cancel.ThrowIfCancellationRequested();
            }

            var point = TakeStep(plan, items, method, optimizerStep, adam.StepCount);
            log.Append(point);
            progress?.Report(new StageProgress(point.Step, plan.TotalSteps, "optimizer steps", point.Loss));
            if (point.Step % _options.SaveEverySteps == 0 && point.Step < plan.TotalSteps)
            {
                files.Save(adam);
            }
        }
    }

    private TrainingLogPoint TakeStep(VisitPlan plan, IReadOnlyList<DistillationItem> items, IDistillationMethod method, OptimizerStep optimizerStep, long step)
    {
        using var scope = torch.NewDisposeScope();
        var started = _time.GetTimestamp();
        var (epoch, stage, microBatches) = plan.At(step);
        var examples = microBatches.Select(batch => batch.Select(index => method.Visit(items[index], stage)).ToArray()).ToArray();
        var result = optimizerStep.Take(
            LossMeans.Pool([.. examples.Select(batch => DistillationLoss.InMicroBatch(_student, batch))]),
            index => FaultySamples.Describe(_student, _parameters, examples[index]));
        var givenSteps = examples.SelectMany(batch => batch).Average(example => example.GivenSteps);
        var seconds = _time.GetElapsedTime(started).TotalSeconds;
        return new TrainingLogPoint(
            result.Step, epoch, stage, result.Loss, result.SupervisedTokens, givenSteps, result.LearningRate, result.GradientNorm, Math.Round(seconds, 3));
    }
}

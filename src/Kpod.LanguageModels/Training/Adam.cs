using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015) with optional decoupled weight decay (Loshchilov and Hutter, 2019), step for step as torch computes it.
/// libtorch's fused kernel does the arithmetic. Our own because its state must be saved and restored to the byte at any step (docs/decisions/0003).
/// </summary>
public sealed class Adam : IDisposable
{
    private readonly OptimizerOptions _options;
    private readonly torch.Tensor[] _firstMoments;
    private readonly torch.Tensor[] _secondMoments;

    /// <summary>Starts with empty moments.</summary>
    /// <param name="parameters">What is trained; their gradients are read at each step.</param>
    /// <param name="options">Rates; the learning rate itself is given at each step.</param>
    public Adam(IReadOnlyList<NamedParameter> parameters, OptimizerOptions options)
    {
        Parameters = parameters;
        _options = options;
        _firstMoments = [.. parameters.Select(parameter => torch.zeros_like(parameter.Value).DetachFromDisposeScope())];
        _secondMoments = [.. parameters.Select(parameter => torch.zeros_like(parameter.Value).DetachFromDisposeScope())];
    }

    /// <summary>What is trained.</summary>
    public IReadOnlyList<NamedParameter> Parameters { get; }

    /// <summary>Steps taken.</summary>
    public long StepCount { get; private set; }

    /// <summary>Moves every parameter along its gradient and empties the gradients.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="gradientScale">What gradients are multiplied by first: 1 / normaliser, times a clipping factor.</param>
    public void Step(double learningRate, double gradientScale)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        StepCount++;
        foreach (var group in Enumerable.Range(0, Parameters.Count).Where(index => Parameters[index].Value.grad is not null).GroupBy(index => Kind(Parameters[index])))
        {
            int[] indices = [.. group];
            var device = Parameters[indices[0]].Value.device;
            torch.Tensor[] gradients = [.. indices.Select(index => Parameters[index].Value.grad!)];
            AtenOperator.FusedAdamW(
                [.. indices.Select(index => Parameters[index].Value)],
                gradients,
                [.. indices.Select(index => _firstMoments[index])],
                [.. indices.Select(index => _secondMoments[index])],
                torch.tensor((float)StepCount, device: device),
                torch.tensor((float)(1 / gradientScale), device: device),
                learningRate * group.Key.RateFactor,
                _options.Beta1,
                _options.Beta2,
                _options.Epsilon,
                _options.WeightDecay);
            AtenOperator.Zero(gradients);
        }
    }

    /// <summary>Forgets the gradients gathered so far.</summary>
    public void EmptyGradients()
    {
        foreach (var parameter in Parameters)
        {
            using var scope = torch.NewDisposeScope();
            parameter.Value.grad?.zero_();
        }
    }

    /// <summary>The whole state by name: every parameter and both of its moments.</summary>
    /// <returns>Names ending in <c>.value</c>, <c>.first</c>, <c>.second</c>; the tensors stay the optimizer's.</returns>
    public IEnumerable<KeyValuePair<string, torch.Tensor>> State()
    {
        for (var index = 0; index < Parameters.Count; index++)
        {
            var name = Parameters[index].Name;
            yield return new(name + ".value", Parameters[index].Value);
            yield return new(name + ".first", _firstMoments[index]);
            yield return new(name + ".second", _secondMoments[index]);
        }
    }

    /// <summary>Restores what <see cref="State"/> gave.</summary>
    /// <param name="stepCount">Steps taken by then.</param>
    /// <param name="read">Gives the stored tensor of a name; it is copied and disposed of.</param>
    public void Restore(long stepCount, Func<string, IReadOnlyList<long>, torch.Tensor> read)
    {
        using var noGradient = torch.no_grad();
        foreach (var (name, tensor) in State())
        {
            using var stored = read(name, tensor.shape);
            using var scope = torch.NewDisposeScope();
            tensor.copy_(stored);
        }

        StepCount = stepCount;
    }

    // What the parameters of one fused step have in common.
    private static (double RateFactor, torch.ScalarType Type, string Device) Kind(NamedParameter parameter) =>
        (parameter.RateFactor, parameter.Value.dtype, parameter.Value.device.ToString());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _firstMoments.Concat(_secondMoments))
        {
            tensor.Dispose();
        }
    }
}

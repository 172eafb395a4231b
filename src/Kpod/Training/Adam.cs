using TorchSharp;

namespace Kpod.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015) with optional decoupled weight decay (Loshchilov and Hutter, 2019), step for step as torch computes it.
/// Our own because its state must be saved and restored to the byte at any step (docs/decisions/0003).
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
        StepCount++;
        var correction1 = 1 - Math.Pow(_options.Beta1, StepCount);

        // Held until the end of the step: a temporary scalar may be finalized while libtorch still reads it (docs/decisions/0006).
        using var scale = gradientScale.ToScalar();
        using var beta1 = _options.Beta1.ToScalar();
        using var share1 = (1 - _options.Beta1).ToScalar();
        using var beta2 = _options.Beta2.ToScalar();
        using var share2 = (1 - _options.Beta2).ToScalar();
        using var correction2 = Math.Sqrt(1 - Math.Pow(_options.Beta2, StepCount)).ToScalar();
        using var epsilon = _options.Epsilon.ToScalar();
        var rates = Parameters.Select(parameter => parameter.RateFactor).Distinct().ToDictionary(
            factor => factor,
            factor => (Decay: (1 - (learningRate * factor * _options.WeightDecay)).ToScalar(), Move: (-learningRate * factor / correction1).ToScalar()));
        for (var index = 0; index < Parameters.Count; index++)
        {
            using var scope = torch.NewDisposeScope();
            var value = Parameters[index].Value;
            if (value.grad is not { } gradient)
            {
                continue;
            }

            gradient.mul_(scale);
            if (_options.WeightDecay > 0)
            {
                value.mul_(rates[Parameters[index].RateFactor].Decay);
            }

            var first = _firstMoments[index].mul_(beta1).add_(gradient, alpha: share1);
            var second = _secondMoments[index].mul_(beta2).addcmul_(gradient, gradient, share2);
            var denominator = second.sqrt().div_(correction2).add_(epsilon);
            value.addcdiv_(first, denominator, rates[Parameters[index].RateFactor].Move);
            gradient.zero_();
        }

        foreach (var (decay, move) in rates.Values)
        {
            decay.Dispose();
            move.Dispose();
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

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _firstMoments.Concat(_secondMoments))
        {
            tensor.Dispose();
        }
    }
}

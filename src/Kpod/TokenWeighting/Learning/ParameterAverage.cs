using Kpod.LanguageModels.Training;
using TorchSharp;

namespace Kpod.TokenWeighting.Learning;

/// <summary>The running mean of parameters over the steps of a training.</summary>
internal sealed class ParameterAverage : IDisposable
{
    private readonly IReadOnlyList<NamedParameter> _parameters;
    private readonly torch.Tensor[] _means;
    /// <summary>Starts empty.</summary>
    /// <param name="parameters">What is averaged.</param>
    public ParameterAverage(IReadOnlyList<NamedParameter> parameters)
    {
        _parameters = parameters;
        _means = [.. parameters.Select(parameter => torch.zeros_like(parameter.Value, requires_grad: false).DetachFromDisposeScope())];
    }

    /// <summary>Whether anything has been added.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>How often the parameters were added.</summary>
    public int Count { get; set; }

    /// <summary>The means by name; they stay this object's.</summary>
    public IEnumerable<KeyValuePair<string, torch.Tensor>> Means => _parameters.Zip(_means, (parameter, mean) => new KeyValuePair<string, torch.Tensor>($"{parameter.Name}.mean", mean));

    /// <summary>Adds the parameters as they are.</summary>
    public void Add()
    {
        using var noGradient = torch.no_grad();
        Count++;
        for (var index = 0; index < _means.Length; index++)
        {
            using var scope = torch.NewDisposeScope();
            _means[index].lerp_(_parameters[index].Value, torch.tensor(1f / Count, device: _means[index].device));
        }
    }

    /// <summary>Exchanges the parameters with their means; a second call exchanges them back.</summary>
    public void Swap()
    {
        using var noGradient = torch.no_grad();
        for (var index = 0; index < _means.Length; index++)
        {
            using var scope = torch.NewDisposeScope();
            var current = _parameters[index].Value.clone();
            _parameters[index].Value.copy_(_means[index]);
            _means[index].copy_(current);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mean in _means)
        {
            mean.Dispose();
        }
    }
}

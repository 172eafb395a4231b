using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Native;
using Kpod.Runs;
using TorchSharp;

namespace Kpod.Students;

/// <summary>The student before distillation, read when a stage first has to compute with it.</summary>
internal sealed class UntrainedStudent : IDisposable
{
    private readonly StudentOptions _options;
    private readonly Action<IReadOnlyList<string>> _warn;
    private readonly torch.Device _device;
    private readonly Lazy<Checkpoint> _checkpoint;
    private readonly Lazy<string> _identity;

    /// <summary>Opens the device; nothing is read yet.</summary>
    /// <param name="options">Which model, in what precision, where.</param>
    /// <param name="warn">Is told what a checkpoint that is read gives to remark.</param>
    /// <exception cref="KpodException">There is no such device.</exception>
    public UntrainedStudent(StudentOptions options, Action<IReadOnlyList<string>> warn)
    {
        _options = options;
        _warn = warn;
        if (options.Threads is { } threads)
        {
            torch.set_num_threads(threads);
        }

        _device = ComputeDevices.Open(options.Device);
        _checkpoint = new Lazy<Checkpoint>(() => Load(options.Model, options.KeepQuantised));
        _identity = new Lazy<string>(() => InputsHash.Of(
            ("checkpoint", CheckpointLoader.Fingerprint(options.Model)), ("precision", options.Precision), ("device", options.Device), ("threads", torch.get_num_threads())));
    }

    /// <summary>Model and tokenizer.</summary>
    public Checkpoint Checkpoint => _checkpoint.Value;

    /// <summary>Hash of all that shapes what it computes. Neither keepQuantised nor gradientCheckpointing changes a bit of that.</summary>
    public string Identity => _identity.Value;

    /// <summary>Reads another model as the student itself is read.</summary>
    /// <param name="path">A folder or a .gguf file.</param>
    /// <param name="precision">Its own precision; null for the student's.</param>
    /// <returns>The model; the caller disposes of it.</returns>
    public Checkpoint LoadWhole(string path, WeightPrecision? precision = null) => Load(path, keepsQuantised: false, precision);

    /// <summary>Reads the student once more, with weights of its own that may be changed.</summary>
    /// <returns>The model; the caller disposes of it.</returns>
    public Checkpoint LoadCopy() => LoadWhole(_options.Model);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_checkpoint.IsValueCreated)
        {
            _checkpoint.Value.Dispose();
        }
    }

    private Checkpoint Load(string path, bool keepsQuantised, WeightPrecision? precision = null)
    {
        var checkpoint = CheckpointLoader.Load(path, (precision ?? _options.Precision) == WeightPrecision.Bfloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32, _device, keepsQuantised);
        checkpoint.Model.GradientCheckpointing = _options.GradientCheckpointing;
        _warn(checkpoint.Remarks);
        return checkpoint;
    }
}

using Kpod.LanguageModels;
using Kpod.LanguageModels.Checkpoints;
using Kpod.Verification.Recorded;
using TorchSharp;

namespace Kpod.Verification.References.Methods;

/// <summary>The models that recorded numbers name, by a path from the folder that holds <c>shared</c>; each is loaded once, in float32.</summary>
/// <param name="folder">Where the search for it begins; it goes up.</param>
/// <param name="device">Where the models compute.</param>
internal sealed class MethodModels(string folder, torch.Device device) : IDisposable
{
    private const string Root = "shared";

    private readonly Dictionary<string, ILanguageModel> _models = new(StringComparer.Ordinal);

    /// <summary>The folder of a model.</summary>
    /// <param name="recorded">Its path as recorded.</param>
    /// <returns>Its path here.</returns>
    /// <exception cref="KpodException">No folder above holds it.</exception>
    public string FolderOf(RecordedValue recorded)
    {
        for (var above = new DirectoryInfo(Path.GetFullPath(folder)); above is not null; above = above.Parent)
        {
            if (Directory.Exists(Path.Combine(above.FullName, Root)))
            {
                var path = Path.Combine(above.FullName, recorded.Text());
                return Directory.Exists(path) ? path : throw recorded.Wrong($"is '{recorded.Text()}', which is not in {above.FullName}");
            }
        }

        throw recorded.Wrong($"is looked for from the folder that holds '{Root}', but no folder above {folder} does");
    }

    /// <summary>A model.</summary>
    /// <param name="recorded">Its path as recorded.</param>
    /// <returns>The model; disposed of with this.</returns>
    public ILanguageModel Load(RecordedValue recorded)
    {
        var path = FolderOf(recorded);
        return _models.TryGetValue(path, out var model) ? model : _models[path] = CheckpointLoader.LoadModel(path, torch.ScalarType.Float32, device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Dispose();
        }
    }
}

namespace Kpod.LanguageModels.Checkpoints.Storage;

/// <summary>PyTorch's own files, which are programs: recognised, never read.</summary>
internal static class PickleFile
{
    /// <summary>What such a file is, to stand behind "is".</summary>
    public const string Description =
        "a PyTorch pickle, which can run any program when it is opened and is therefore never read; where you trust it, convert it (transformers: from_pretrained(...).save_pretrained(FOLDER) writes safetensors)";

    /// <summary>Whether a file is a pickle by its name.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True for .bin, .pt, .pth, .pkl, .pickle and .ckpt.</returns>
    public static bool HasItsName(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".BIN" or ".PT" or ".PTH" or ".PKL" or ".PICKLE" or ".CKPT";

    /// <summary>The error for such a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>To be thrown.</returns>
    public static KpodException Refusal(string path) => new($"{path}: is {Description}.");
}

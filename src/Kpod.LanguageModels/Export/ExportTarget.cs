using System.Text.RegularExpressions;
using Kpod.Files;
using Kpod.LanguageModels.Adapters;
using Kpod.LanguageModels.Checkpoints.HuggingFace;

namespace Kpod.LanguageModels.Export;

/// <summary>The place of an export: everything is written beside it and put in its place only when it is whole and found right. What fails leaves nothing behind and what stood there untouched.</summary>
internal sealed partial class ExportTarget : IDisposable
{
    private readonly bool _isFolder;
    private readonly string? _madeFolder;
    private bool _isDone;

    private ExportTarget(string path, bool isFolder)
    {
        FullPath = path;
        _isFolder = isFolder;
        var parent = Path.GetDirectoryName(FullPath)!;
        TemporaryPath = isFolder ? $"{FullPath}.{Environment.ProcessId}.tmp" : Path.Combine(parent, $".{Path.GetFileNameWithoutExtension(FullPath)}.{Environment.ProcessId}.tmp.gguf");
        _madeFolder = FirstMissing(parent);
    }

    /// <summary>Where the export is to stand.</summary>
    public string FullPath { get; }

    /// <summary>Where it is written to.</summary>
    public string TemporaryPath { get; }

    /// <summary>Checks a place before the first weight is read, and makes the folder that is written to.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="isFolder">Which of the two.</param>
    /// <param name="force">Whether an earlier export there may be replaced.</param>
    /// <returns>The target.</returns>
    /// <exception cref="KpodException">Something stands there that may not be replaced, or the place cannot be written.</exception>
    public static ExportTarget Open(string path, bool isFolder, bool force)
    {
        var place = UserPath.Resolve(UserPath.Full(path, "the target"));
        RefuseWhatStandsThere(path, place, isFolder, force);
        var target = new ExportTarget(place, isFolder);
        try
        {
            Directory.CreateDirectory(isFolder ? target.TemporaryPath : Path.GetDirectoryName(target.FullPath)!);
            return target;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            target.Dispose();
            throw new KpodException($"{path}: cannot be written ({exception.Message}) Choose another place.", exception);
        }
    }

    /// <summary>Writes, and names the place itself where the disk refuses.</summary>
    /// <param name="write">Writes to <see cref="TemporaryPath"/>.</param>
    public void Write(Action write)
    {
        try
        {
            write();
        }
        catch (KpodException fault) when (fault.Message.Contains(TemporaryPath, StringComparison.Ordinal))
        {
            var message = fault.Message.Replace(TemporaryPath, FullPath, StringComparison.Ordinal);
            throw fault is WorkFailedException ? new WorkFailedException(message, fault) : new KpodException(message, fault);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WorkFailedException($"{FullPath}: could not be written ({exception.Message}) What was there is unchanged; make room or choose another place.", exception);
        }
    }

    /// <summary>Puts what was written in its place.</summary>
    /// <returns>Names and sizes of the files.</returns>
    public IReadOnlyList<ExportedFile> Commit()
    {
        Write(() =>
        {
            if (!_isFolder)
            {
                File.Move(TemporaryPath, FullPath, overwrite: true);
                return;
            }

            var old = $"{FullPath}.{Environment.ProcessId}.old";
            if (Directory.Exists(FullPath))
            {
                Directory.Move(FullPath, old);
            }

            Directory.Move(TemporaryPath, FullPath);
            if (Directory.Exists(old))
            {
                Directory.Delete(old, recursive: true);
            }
        });
        _isDone = true;
        return _isFolder
            ? [.. Directory.EnumerateFiles(FullPath).Order(StringComparer.Ordinal).Select(Describe)]
            : [Describe(FullPath)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDone)
        {
            return;
        }

        try
        {
            if (Directory.Exists(TemporaryPath))
            {
                Directory.Delete(TemporaryPath, recursive: true);
            }

            File.Delete(TemporaryPath);

            if (_madeFolder is not null && Directory.Exists(_madeFolder) && !Directory.EnumerateFiles(_madeFolder, "*", SearchOption.AllDirectories).Any())
            {
                Directory.Delete(_madeFolder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report.
        }
    }

    private static ExportedFile Describe(string path) => new(Path.GetFileName(path), new FileInfo(path).Length);

    private static string? FirstMissing(string folder)
    {
        string? missing = null;
        for (var current = folder; current is not null && !Directory.Exists(current); current = Path.GetDirectoryName(current))
        {
            missing = current;
        }

        return missing;
    }

    private static void RefuseWhatStandsThere(string path, string place, bool isFolder, bool force)
    {
        if (isFolder ? File.Exists(place) : Directory.Exists(place))
        {
            throw new KpodException($"{path}: is a {(isFolder ? "file, but this format is a folder" : "folder, but this format is one file")}; choose another name.");
        }

        var entries = Directory.Exists(place) ? Directory.GetFileSystemEntries(place) : [];
        FileKind.RefuseUnlessRegular(place);
        if (!force && (File.Exists(place) || entries.Length > 0))
        {
            throw new KpodException($"{path}: exists already; choose another name, or --force to replace it.");
        }

        // A slip of the hand must not cost a folder of other things.
        if (entries.FirstOrDefault(entry => Directory.Exists(entry) || !IsOfAnExport(Path.GetFileName(entry))) is { } foreign)
        {
            throw new KpodException($"{path}: holds '{Path.GetFileName(foreign)}', which no export writes, so it is not replaced; choose another folder.");
        }
    }

    private static bool IsOfAnExport(string name) => ModelFiles.IsCopied(name) || WrittenFiles().IsMatch(name) || name is HuggingFaceFolder.ConfigurationFile or HuggingFaceFolder.GenerationConfigurationFile or PeftConfiguration.FileName or PeftAdapter.WeightsFile;

    [GeneratedRegex(@"^model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?$")]
    private static partial Regex WrittenFiles();
}

using System.Diagnostics.CodeAnalysis;
using Kpod.Files;

namespace Kpod.Runs;

/// <summary>
/// A run's folder: numbered artefacts, and a manifest that is written after them and says which are whole. Work whose inputs are unchanged is not done
/// again; work that a run beside this one has done with the same inputs is taken from there.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private readonly FileStream _lock;
    private readonly TimeProvider _time;
    private readonly IRunObserver _observer;
    private RunManifest _manifest;

    private RunFolder(string path, FileStream @lock, RunManifest manifest, TimeProvider time, IRunObserver observer)
    {
        FullPath = path;
        _lock = @lock;
        _manifest = manifest;
        _time = time;
        _observer = observer;
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>What is finished.</summary>
    public RunManifest Manifest => _manifest;

    /// <summary>Opens a run's folder, or makes it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="recipeName">Name of the recipe; a folder of another recipe is refused.</param>
    /// <param name="time">Clock of the events.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <returns>The folder, locked for this process.</returns>
    /// <exception cref="KpodException">It belongs to another recipe, is in use by another process, or cannot be written.</exception>
    public static RunFolder Open(string path, string recipeName, TimeProvider time, IRunObserver observer)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            throw new KpodException($"{path}: is a file, but a run needs a folder; name another one.");
        }

        var manifestPath = Path.Combine(full, RunFiles.Manifest);
        var manifest = File.Exists(manifestPath) ? JsonArtefact.Read<RunManifest>(manifestPath) : new RunManifest { Recipe = recipeName };
        if (manifest.Recipe != recipeName)
        {
            throw new KpodException($"{path}: holds a run of the recipe '{manifest.Recipe}', not of '{recipeName}'; name another folder, or delete this one if it is not needed.");
        }

        if (!File.Exists(manifestPath) && Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any(entry => Path.GetFileName(entry) is not ("run.lock" or RunFiles.Recipe or RunFiles.Events or RunFiles.Environment)))
        {
            throw new KpodException($"{path}: holds files but no {RunFiles.Manifest}, so it is no run's folder; name a new or empty one.");
        }

        try
        {
            Directory.CreateDirectory(full);
            var @lock = new FileStream(Path.Combine(full, "run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (!File.Exists(manifestPath))
            {
                JsonArtefact.Write(manifestPath, manifest);
            }

            DropCutLine(Path.Combine(full, RunFiles.Events));
            return new RunFolder(full, @lock, manifest, time, observer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KpodException($"{path}: the run's folder cannot be used ({exception.Message}) Another process may be running it.", exception);
        }
    }

    // A kill or a full disk may have cut the last event short; the next one must not be joined to it.
    private static void DropCutLine(string events)
    {
        if (File.Exists(events))
        {
            var text = File.ReadAllText(events);
            var whole = text.LastIndexOf('\n') + 1;
            if (whole < text.Length)
            {
                AtomicFile.WriteText(events, text[..whole]);
            }
        }
    }

    /// <summary>The full path of a file of the run.</summary>
    /// <param name="relative">Its path in the folder.</param>
    /// <returns>The full path.</returns>
    public string PathOf(string relative) => Path.Combine(FullPath, relative);

    /// <summary>Does a piece of work unless it is done: reads it if its inputs are unchanged, takes it from a run beside this one, or computes it.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="work">Its name in the manifest.</param>
    /// <param name="inputsHash">Hash of everything that shapes it.</param>
    /// <param name="compute">Does the work and writes its files; returns their paths in the folder.</param>
    /// <param name="read">Reads the files.</param>
    /// <returns>The work's result, always as read back from its files.</returns>
    public async Task<T> OnceAsync<T>(string work, string inputsHash, Func<Task<IReadOnlyList<string>>> compute, Func<T> read)
    {
        if (_manifest.Finished.TryGetValue(work, out var finished) && finished.InputsHash == inputsHash && IsWhole(FullPath, finished))
        {
            Tell(new RunEvent(_time.GetUtcNow(), "kept", work));
            return read();
        }

        if (TryFindElsewhere(work, inputsHash, out var other, out finished))
        {
            foreach (var file in finished.Files)
            {
                AtomicFile.Write(PathOf(file.Path), stream =>
                {
                    using var source = File.OpenRead(Path.Combine(other, file.Path));
                    source.CopyTo(stream);
                });
            }

            Finish(work, finished with { ReusedFrom = Path.GetFileName(other) });
            Tell(new RunEvent(_time.GetUtcNow(), "reused", work, Message: $"from {Path.GetFileName(other)}"));
            return read();
        }

        var started = _time.GetTimestamp();
        Tell(new RunEvent(_time.GetUtcNow(), "started", work));
        IReadOnlyList<string> files;
        try
        {
            files = await compute().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Tell(new RunEvent(_time.GetUtcNow(), exception is OperationCanceledException ? "interrupted" : "failed", work, Message: exception.Message));
            throw;
        }

        var seconds = _time.GetElapsedTime(started).TotalSeconds;
        Finish(work, new FinishedWork(inputsHash, seconds, [.. files.Select(Describe)]));
        Tell(new RunEvent(_time.GetUtcNow(), "finished", work, seconds));
        return read();
    }

    /// <summary>Whether a piece of work is done with these inputs here or in a run beside this one, so that it need not be prepared for.</summary>
    /// <param name="work">Its name.</param>
    /// <param name="inputsHash">Hash of everything that shapes it.</param>
    /// <returns>True if <see cref="OnceAsync"/> would not compute.</returns>
    public bool IsDone(string work, string inputsHash) =>
        (_manifest.Finished.TryGetValue(work, out var finished) && finished.InputsHash == inputsHash && IsWhole(FullPath, finished))
        || TryFindElsewhere(work, inputsHash, out _, out _);

    /// <summary>A progress sink for a piece of work.</summary>
    /// <param name="work">Its name.</param>
    /// <returns>Passes on to the observer, on the reporting thread.</returns>
    public IProgress<StageProgress> ProgressOf(string work) => new DirectProgress(progress => _observer.OnProgress(work, progress));

    /// <summary>Notes an event in <c>events.jsonl</c> and tells the observer.</summary>
    /// <param name="happening">What happened.</param>
    public void Tell(RunEvent happening)
    {
        try
        {
            File.AppendAllText(PathOf(RunFiles.Events), JsonArtefact.ToLine(happening) + "\n");
        }
        catch (IOException exception)
        {
            throw new WorkFailedException($"{PathOf(RunFiles.Events)}: could not be written ({exception.Message}) Nothing that was finished is lost; make room and run the same command again.", exception);
        }

        _observer.OnEvent(happening);
    }

    /// <summary>Tells the user something that does not stop the run.</summary>
    /// <param name="message">One sentence or two.</param>
    public void Warn(string message) => _observer.OnWarning(message);

    /// <summary>Tells the user what should be known, a message each.</summary>
    /// <param name="messages">One sentence or two each.</param>
    internal void WarnOfAll(IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            Warn(message);
        }
    }

    /// <summary>The clock's present time, for events.</summary>
    /// <returns>UTC.</returns>
    public DateTimeOffset Now() => _time.GetUtcNow();

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
    }

    private static bool IsWhole(string folder, FinishedWork finished) =>
        finished.Files.All(file => new FileInfo(Path.Combine(folder, file.Path)) is { Exists: true } found && found.Length == file.Bytes
            && InputsHash.OfFile(found.FullName) == file.Sha256);

    private bool TryFindElsewhere(string work, string inputsHash, out string folder, [NotNullWhen(true)] out FinishedWork? finished)
    {
        foreach (var neighbour in Directory.EnumerateDirectories(Path.GetDirectoryName(FullPath)!).Order(StringComparer.Ordinal))
        {
            var manifestPath = Path.Combine(neighbour, RunFiles.Manifest);
            if (neighbour != FullPath && File.Exists(manifestPath) && TryRead(manifestPath) is { } manifest
                && manifest.Finished.TryGetValue(work, out finished) && finished.InputsHash == inputsHash && IsWhole(neighbour, finished))
            {
                folder = neighbour;
                return true;
            }
        }

        folder = string.Empty;
        finished = null;
        return false;
    }

    private static RunManifest? TryRead(string path)
    {
        try
        {
            return JsonArtefact.Read<RunManifest>(path);
        }
        catch (KpodException)
        {
            return null; // A neighbour that cannot be read is no source; its own run will say so.
        }
    }

    private void Finish(string work, FinishedWork finished)
    {
        _manifest = _manifest with { Finished = new Dictionary<string, FinishedWork>(_manifest.Finished) { [work] = finished } };
        JsonArtefact.Write(PathOf(RunFiles.Manifest), _manifest);
    }

    private ArtefactFile Describe(string relative)
    {
        var path = PathOf(relative);
        return new ArtefactFile(relative, new FileInfo(path).Length, InputsHash.OfFile(path));
    }

    private sealed class DirectProgress(Action<StageProgress> report) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => report(value);
    }
}

namespace Kpod.Runs;

/// <summary>A stage's work on a run, in the one shape that all stages share: what shapes it, how it is computed and written, and how it is read back.</summary>
/// <typeparam name="T">What later stages get of it.</typeparam>
internal interface IStageWork<T>
{
    /// <summary>Its name in the manifest.</summary>
    string Name { get; }

    /// <summary>Hash of everything that shapes the result: while it is the same, what was written is kept.</summary>
    string Inputs { get; }

    /// <summary>Computes the result and writes it.</summary>
    /// <returns>The files in the run's folder.</returns>
    Task<IReadOnlyList<string>> ComputeAsync();

    /// <summary>Reads the result back from its files; the only way in which later stages get it.</summary>
    /// <returns>The result.</returns>
    T Read();

    /// <summary>Deletes what only an unfinished computation needs; called when the manifest lists the files, so that a kill never costs the work.</summary>
    void CleanUp()
    {
    }
}

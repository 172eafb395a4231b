using Xunit;

namespace Kpod.Testing;

/// <summary>The folder <c>shared/</c> beside the repository with models, data and reference numbers; tests that need it skip where it is absent.</summary>
public static class SharedFolder
{
    /// <summary>The repository's root folder: the nearest one above the tests that holds <c>Kpod.slnx</c>.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The path of something in <c>shared/</c>; skips the running test where it is absent.</summary>
    /// <param name="parts">Path below <c>shared/</c>.</param>
    /// <returns>The full path of an existing file or folder.</returns>
    public static string PathOf(params string[] parts)
    {
        var path = Path.Combine([RepositoryRoot, "..", "shared", .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"needs {Path.Combine(["../shared", .. parts])}, which is not on this machine");
        return Path.GetFullPath(path);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Kpod.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests must run below the folder that holds Kpod.slnx.");
    }
}

namespace Kpod.Files;

/// <summary>
/// What the hub's own programs have downloaded to this machine: <c>models--OWNER--NAME</c> and <c>datasets--OWNER--NAME</c>, in each <c>refs/REVISION</c> with a commit and <c>snapshots/COMMIT</c> with the
/// files. Nothing is downloaded here.
/// </summary>
public sealed class HubCache
{
    private readonly string _folder;

    /// <summary>Takes a cache.</summary>
    /// <param name="folder">Its folder; it need not be there.</param>
    public HubCache(string folder) => _folder = folder;

    /// <summary>Finds this machine's cache: <c>HF_HUB_CACHE</c>, else <c>hub</c> in <c>HF_HOME</c>, else in <c>XDG_CACHE_HOME/huggingface</c> or <c>~/.cache/huggingface</c>.</summary>
    /// <param name="variable">Gives the value of an environment variable; null where it is not set.</param>
    /// <param name="home">The home folder.</param>
    /// <returns>The cache.</returns>
    public static HubCache Of(Func<string, string?> variable, string home)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? Set(string name) => variable(name) is { Length: > 0 } value ? UserPath.Expand(value, variable, home, out _) : null;
        var ownHome = Set("HF_HOME") ?? Path.Combine(Set("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache"), "huggingface");
        return new HubCache(Set("HF_HUB_CACHE") ?? Path.Combine(ownHome, "hub"));
    }

    /// <summary>Finds a model.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The folder of its files, or the file that the name asks for, and the commit that they are of.</returns>
    /// <exception cref="KpodException">It is not in the cache; the message says what is.</exception>
    public (string Path, string Commit) FindModel(HubName name) => Find(name, "models");

    /// <summary>Finds a data set.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The folder of its files, or the file that the name asks for, and the commit that they are of.</returns>
    /// <exception cref="KpodException">It is not in the cache; the message says what is.</exception>
    public (string Path, string Commit) FindDataset(HubName name) => Find(name, "datasets");

    private (string Path, string Commit) Find(HubName name, string kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        var repository = Path.Combine(_folder, $"{kind}--{name.Repository.Replace("/", "--", StringComparison.Ordinal)}");
        if (!Directory.Exists(repository))
        {
            throw new KpodException($"{name}: is not in the hub's cache ({_folder}){Known(kind)}. Download it first (hf download {name.Repository}), or give a path.");
        }

        var commit = Commit(repository, name);
        var snapshot = Path.Combine(repository, "snapshots", commit);
        if (!Directory.Exists(snapshot))
        {
            throw new KpodException($"{name}: the cache ({repository}) has no files of the revision {name.Revision}. Download it again.");
        }

        var path = name.File is null ? snapshot : Path.Combine([snapshot, .. name.File.Split('/')]);
        return Path.Exists(path) ? (path, commit) : throw new KpodException($"{name}: the cache ({snapshot}) has no file {name.File}; it has {Files(snapshot)}.");
    }

    private static string Commit(string repository, HubName name)
    {
        var reference = Path.Combine([repository, "refs", .. name.Revision.Split('/')]);
        if (File.Exists(reference))
        {
            var commit = File.ReadAllText(reference).Trim();
            return commit.Length > 0 && commit.All(char.IsAsciiHexDigit) ? commit : throw new KpodException($"{reference}: holds no commit. Download the repository again.");
        }

        // A commit may be given by its beginning, as long as only one begins so.
        var snapshots = Path.Combine(repository, "snapshots");
        string[] all = Directory.Exists(snapshots) ? [.. Directory.EnumerateDirectories(snapshots).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)] : [];
        string[] begun = name.Revision.Length >= 7 ? [.. all.Where(commit => commit.StartsWith(name.Revision, StringComparison.OrdinalIgnoreCase))] : [];
        return begun.Length == 1 ? begun[0]
            : throw new KpodException($"{name}: the cache ({repository}) does not have the revision {name.Revision}; it has the commits {(all.Length == 0 ? "(none)" : string.Join(", ", all))}. Download it first, or give one of these.");
    }

    private string Known(string kind)
    {
        var prefix = $"{kind}--";
        string[] known = Directory.Exists(_folder) ? [.. Directory.EnumerateDirectories(_folder, prefix + "*").Select(folder => Path.GetFileName(folder)![prefix.Length..].Replace("--", "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(10)] : [];
        return known.Length == 0 ? string.Empty : $", which has {string.Join(", ", known)}";
    }

    private static string Files(string snapshot) =>
        string.Join(", ", Directory.EnumerateFiles(snapshot, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(snapshot, file).Replace('\\', '/')).Order(StringComparer.Ordinal).Take(10));
}

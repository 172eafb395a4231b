using System.Security.Cryptography;
using Kpod.Files;
using Kpod.Runs;

namespace Kpod.Quickstart;

/// <summary>
/// What a quickstart wrote into its folder: <c>quickstart.json</c>, the checksums of its files by name. By them it knows its own files again, and leaves alone what a user has put there or changed.
/// </summary>
internal sealed class QuickstartLedger
{
    private const string FileName = "quickstart.json";
    private const int MostNamed = 5;

    private readonly string _folder;
    private readonly bool _force;
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    /// <summary>Begins with nothing to write.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="force">Whether files of the user's may be replaced.</param>
    public QuickstartLedger(string folder, bool force)
    {
        _folder = folder;
        _force = force;
    }

    private string Place => Path.Combine(_folder, FileName);

    /// <summary>Adds a file to be written.</summary>
    /// <param name="name">Its path in the folder, with <c>/</c>.</param>
    /// <param name="content">UTF-8.</param>
    public void Add(string name, string content) => _contents[name] = System.Text.Encoding.UTF8.GetBytes(content);

    /// <summary>Adds a file of JSON Lines to be written.</summary>
    /// <typeparam name="T">The record of a line.</typeparam>
    /// <param name="name">Its path in the folder.</param>
    /// <param name="items">The lines.</param>
    public void AddLines<T>(string name, IEnumerable<T> items) => Add(name, string.Concat(items.Select(item => JsonArtefact.ToLine(item) + "\n")));

    /// <summary>Writes all files, or none where one would replace a user's.</summary>
    /// <exception cref="KpodException">A file of one of these names is there that no quickstart wrote, or that was changed since.</exception>
    public void Write()
    {
        var known = File.Exists(Place) ? JsonArtefact.Read<Dictionary<string, IReadOnlyList<string>>>(Place) : [];
        var present = _contents.Keys.Where(name => Path.Exists(PathOf(name))).ToDictionary(name => name, name => HashOf(PathOf(name)));
        var foreign = present.Where(file => file.Value != Hash(_contents[file.Key]) && !(known.TryGetValue(file.Key, out var hashes) && hashes.Contains(file.Value))).Select(file => file.Key).ToArray();
        if (foreign.Length > 0 && !_force)
        {
            throw new KpodException($"{_folder}: holds {string.Join(", ", foreign.Take(MostNamed))}{(foreign.Length > MostNamed ? ", ..." : string.Empty)}, which no quickstart wrote or which you have changed since; name another folder, or give --force to replace {(foreign.Length == 1 ? "it" : "them")}.");
        }

        // Before the files: a kill between them leaves old ones and new ones, and both are known.
        JsonArtefact.Write(Place, _contents.ToDictionary(file => file.Key, file => (IReadOnlyList<string>)[Hash(file.Value), .. present.TryGetValue(file.Key, out var old) ? [old] : Array.Empty<string>()]));
        foreach (var (name, content) in _contents)
        {
            AtomicFile.Write(PathOf(name), stream => stream.Write(content));
        }
    }

    private string PathOf(string name) => UserPath.Resolve(Path.Combine(_folder, name));

    private static string HashOf(string path) => Directory.Exists(path) ? throw new KpodException($"{path}: is a folder, where the quickstart writes a file; name another folder.") : InputsHash.OfFile(path);

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}

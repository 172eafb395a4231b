using Kpod.LanguageModels.Checkpoints.Safetensors;
using Kpod.Verification.Results;
using TorchSharp;

namespace Kpod.Verification.Recorded;

/// <summary>A safetensors file of recorded numbers. It remembers what was read, so that nothing in it goes unchecked without a word.</summary>
internal sealed class ReferenceNumbers : IDisposable
{
    private readonly SafetensorsFile _file;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">How the report calls it.</param>
    /// <exception cref="KpodException">It is missing or unsound.</exception>
    public ReferenceNumbers(string path, string name)
    {
        _file = new SafetensorsFile(path);
        Name = name;
    }

    /// <summary>How the report calls the file.</summary>
    public string Name { get; }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Every tensor.</summary>
    public IEnumerable<string> Names => _file.Tensors.Keys;

    /// <summary>The free texts that the file carries.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    /// <summary>Whether a tensor is recorded.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>True where it is.</returns>
    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    /// <summary>Reads floating-point numbers.</summary>
    /// <param name="name">The tensor.</param>
    /// <returns>The tensor in main memory; it belongs to the current dispose scope.</returns>
    /// <exception cref="KpodException">It is missing or holds whole numbers.</exception>
    public torch.Tensor Numbers(string name)
    {
        var tensor = Read(name);
        return tensor.is_floating_point() ? tensor : throw Wrong(name, $"holds {tensor.dtype} values; it must hold floating-point numbers");
    }

    /// <summary>Reads whole numbers.</summary>
    /// <param name="name">The tensor.</param>
    /// <returns>The tensor as int64 in main memory; it belongs to the current dispose scope.</returns>
    /// <exception cref="KpodException">It is missing or holds fractions.</exception>
    public torch.Tensor Integers(string name)
    {
        var tensor = Read(name);
        return tensor.is_floating_point() || tensor.is_complex() ? throw Wrong(name, $"holds {tensor.dtype} values; it must hold whole numbers") : tensor.to(torch.ScalarType.Int64);
    }

    /// <summary>Reads a table of whole numbers, (sequences, tokens).</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="least">Smallest number that is right.</param>
    /// <param name="most">Largest number that is right.</param>
    /// <returns>One array a row.</returns>
    /// <exception cref="KpodException">It is missing, no table, or a number is out of range; the message names its place.</exception>
    public long[][] Rows(string name, long least, long most)
    {
        using var scope = torch.NewDisposeScope();
        var table = Integers(name);
        if (table.dim() != 2 || table.numel() == 0)
        {
            throw Wrong(name, $"has the shape [{string.Join(", ", table.shape)}]; it must be (sequences, tokens), at least one of each");
        }

        var values = table.contiguous().data<long>().ToArray();
        var width = (int)table.shape[1];
        if (Array.FindIndex(values, value => value < least || value > most) is var place and >= 0)
        {
            throw Wrong(name, $"holds {values[place]} in row {place / width}, column {place % width}; it must lie in {least} to {most}");
        }

        return [.. Enumerable.Range(0, (int)table.shape[0]).Select(row => values.AsSpan(row * width, width).ToArray())];
    }

    /// <summary>Says of every tensor that nothing read that it is not checked.</summary>
    /// <param name="report">The report.</param>
    public void ReportUnread(ReportBuilder report)
    {
        foreach (var name in Names.Where(name => !_read.Contains(name)).Order(StringComparer.Ordinal))
        {
            report.NotChecked(Name, name, "no such tensor is known here");
        }
    }

    /// <summary>Marks tensors whose omission was already explained.</summary>
    /// <param name="names">The tensors.</param>
    public void Pass(IEnumerable<string> names) => _read.UnionWith(names);

    /// <summary>A fault of a tensor.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="what">What is wrong, as the end of a sentence without its stop.</param>
    /// <returns>The exception to throw.</returns>
    public KpodException Wrong(string name, string what) => new($"{Path}: the tensor '{name}' {what}.");

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private torch.Tensor Read(string name)
    {
        _read.Add(name);
        return _file.Read(name);
    }
}

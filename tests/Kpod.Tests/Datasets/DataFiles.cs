using System.IO.Compression;
using System.Text;
using Kpod.Datasets;
using Kpod.Datasets.Formats;
using Kpod.Testing;

namespace Kpod.Tests.Datasets;

/// <summary>Files of a test in a folder of their own.</summary>
internal sealed class DataFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kpod-data-");

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        var path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A whole public file of <c>shared/data/originals</c>, unpacked.</summary>
    public string Unpack(string name)
    {
        using var packed = new GZipStream(File.OpenRead(SharedFolder.PathOf("data", "originals", name + ".gz")), CompressionMode.Decompress);
        using var file = File.Create(PathOf(name));
        packed.CopyTo(file);
        return PathOf(name);
    }

    public static QuestionSet Load(DatasetFormat format, string train, string? validation = null, string? test = null, int? limit = null) =>
        QuestionSet.Load(new DatasetOptions { Format = format, Train = train, Validation = validation, Test = test, Limit = limit });

    public static string FaultOf(DatasetFormat format, string train, string? validation = null, string? test = null) =>
        Assert.Throws<KpodException>(() => Load(format, train, validation, test)).Message;

    public void Dispose() => _folder.Delete(recursive: true);
}

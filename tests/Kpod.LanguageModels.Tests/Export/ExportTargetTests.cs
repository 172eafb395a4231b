using Kpod.LanguageModels.Export;
using Kpod.Testing;

namespace Kpod.LanguageModels.Tests.Export;

public sealed class ExportTargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_seen_before_it_is_whole()
    {
        var path = _folder.PathOf("deep", "er", "out");
        using (var target = ExportTarget.Open(path, isFolder: true, force: false))
        {
            File.WriteAllText(Path.Combine(target.TemporaryPath, "config.json"), "{}");
            Assert.False(Path.Exists(path));
        }

        // Given up: not even the folders that were made for it remain.
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullPath));
        using (var target = ExportTarget.Open(path, isFolder: true, force: false))
        {
            File.WriteAllText(Path.Combine(target.TemporaryPath, "config.json"), "{}");
            Assert.Equal([new ExportedFile("config.json", 2)], target.Commit());
        }

        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.PathOf("deep", "er")));
    }

    [Fact]
    public void What_exists_is_replaced_by_force_alone()
    {
        Directory.CreateDirectory(_folder.PathOf("out"));
        File.WriteAllText(_folder.PathOf("out", "config.json"), "old");
        File.WriteAllText(_folder.PathOf("out", "model-00001-of-00002.safetensors"), "old");
        File.WriteAllText(_folder.PathOf("m.gguf"), "old");
        Assert.EndsWith("exists already; choose another name, or --force to replace it.", Refusal("out", true, false), StringComparison.Ordinal);
        Assert.EndsWith("exists already; choose another name, or --force to replace it.", Refusal("m.gguf", false, false), StringComparison.Ordinal);
        using (var target = ExportTarget.Open(_folder.PathOf("out"), isFolder: true, force: true))
        {
            File.WriteAllText(Path.Combine(target.TemporaryPath, "config.json"), "new");
            Assert.Equal("old", File.ReadAllText(_folder.PathOf("out", "config.json")));
            target.Commit();
        }

        Assert.Equal("new", File.ReadAllText(_folder.PathOf("out", "config.json")));
        Assert.False(File.Exists(_folder.PathOf("out", "model-00001-of-00002.safetensors")));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.FullPath).Length);
    }

    [Fact]
    public void A_folder_of_other_things_is_not_replaced_even_by_force()
    {
        Directory.CreateDirectory(_folder.PathOf("mine"));
        File.WriteAllText(_folder.PathOf("mine", "thesis.tex"), "years of work");
        Assert.Contains("holds 'thesis.tex', which no export writes", Refusal("mine", true, true), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.PathOf("other", "config.json"));
        Assert.Contains("holds 'config.json', which no export writes", Refusal("other", true, true), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_for_a_folder_and_a_folder_for_a_file_are_refused()
    {
        File.WriteAllText(_folder.PathOf("out"), "a file");
        Directory.CreateDirectory(_folder.PathOf("m.gguf"));
        Assert.Contains("is a file, but this format is a folder", Refusal("out", true, true), StringComparison.Ordinal);
        Assert.Contains("is a folder, but this format is one file", Refusal("m.gguf", false, true), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        File.WriteAllText(_folder.PathOf("file"), "in the way");
        Assert.StartsWith($"{_folder.PathOf("file", "out")}: cannot be written (", Refusal("file/out", true, false), StringComparison.Ordinal);
        Assert.StartsWith($"{_folder.PathOf("file", "m.gguf")}: cannot be written (", Refusal("file/m.gguf", false, false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_while_writing_names_the_place_and_not_the_temporary_one()
    {
        using var target = ExportTarget.Open(_folder.PathOf("out"), isFolder: true, force: false);
        var fault = Assert.Throws<KpodException>(() => target.Write(() => throw new KpodException($"{target.TemporaryPath}/model.safetensors: could not be written (full).")));
        Assert.Equal($"{_folder.PathOf("out")}/model.safetensors: could not be written (full).", fault.Message);
        Assert.Contains("make room", Assert.Throws<WorkFailedException>(() => target.Write(() => throw new IOException("No space left"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_the_options_is_named_at_once()
    {
        var options = new ExportOptions { Model = "m", Target = "out.gguf", Type = ExportType.Q80, Tolerance = 2, ShardBytes = 10, Texts = [] };
        var fault = Assert.Throws<KpodException>(() => TestStudent.Export(options));
        foreach (var part in new[] { "the tolerance is 2;", "the shard size is 10 bytes", "no prompts", "the type is Q8_0, which only GGUF has", "'out.gguf', the name of a GGUF file" })
        {
            Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        }

        Assert.Contains("must end in .gguf", Assert.Throws<KpodException>(() => TestStudent.Export(new ExportOptions { Model = "m", Target = "out", Format = ExportFormat.Gguf })).Message, StringComparison.Ordinal);
        Assert.Contains("which is what is exported", Assert.Throws<KpodException>(() => TestStudent.Export(new ExportOptions { Model = "m", Target = "./m", Force = true })).Message, StringComparison.Ordinal);
        Assert.Contains("none is named", Assert.Throws<KpodException>(() => TestStudent.Export(new ExportOptions { Model = "m", Target = "out", Format = ExportFormat.Peft })).Message, StringComparison.Ordinal);
    }

    private string Refusal(string name, bool isFolder, bool force) => Assert.Throws<KpodException>(() => ExportTarget.Open(_folder.PathOf(name.Split('/')), isFolder, force)).Message;
}

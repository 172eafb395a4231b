using Kpod.Files;
using Kpod.Runs;
using Kpod.Testing;

namespace Kpod.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Listener _listener = new();
    private int _computed;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Finished_work_is_kept_and_changed_inputs_do_it_again()
    {
        Assert.Equal("one", await Do("a", "work", "h1", "one"));
        Assert.Equal("one", await Do("a", "work", "h1", "two"));
        Assert.Equal(1, _computed);
        Assert.Equal("two", await Do("a", "work", "h2", "two"));
        Assert.Equal(["started", "finished", "kept", "started", "finished"], _listener.Events.Select(happening => happening.Event));
    }

    [Fact]
    public async Task A_run_beside_it_gives_what_it_did_with_the_same_inputs()
    {
        await Do("a", "work", "h1", "one");
        Assert.Equal("one", await Do("b", "work", "h1", "other"));
        Assert.Equal(1, _computed);
        Assert.Equal("a", JsonArtefact.Read<RunManifest>(_folder.PathOf("b", RunFiles.Manifest)).Finished["work"].ReusedFrom);
    }

    [Fact]
    public async Task A_file_that_was_changed_behind_its_back_is_computed_again()
    {
        await Do("a", "work", "h1", "one");
        File.WriteAllText(_folder.PathOf("a", "file.txt"), "0ne");
        Assert.Equal("one", await Do("a", "work", "h1", "one"));
        Assert.Equal(2, _computed);
    }

    [Fact]
    public void A_folder_of_another_recipe_is_refused_and_stays_as_it_is()
    {
        Open("a", "first").Dispose();
        var before = File.ReadAllText(_folder.PathOf("a", RunFiles.Manifest));
        var fault = Assert.Throws<KpodException>(() => Open("a", "second"));
        Assert.Contains("holds a run of the recipe 'first', not of 'second'", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_folder.PathOf("a", RunFiles.Manifest)));
    }

    [Fact]
    public void A_folder_with_other_files_is_no_run()
    {
        Directory.CreateDirectory(_folder.PathOf("a"));
        File.WriteAllText(_folder.PathOf("a", "thesis.tex"), "x");
        Assert.Contains("no run's folder", Assert.Throws<KpodException>(() => Open("a", "r")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_cannot_run_in_one_folder()
    {
        using var first = Open("a", "r");
        Assert.Contains("Another process may be running it", Assert.Throws<KpodException>(() => Open("a", "r")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_and_no_temporary_one()
    {
        var path = _folder.PathOf("x.txt");
        AtomicFile.WriteText(path, "old");
        Assert.Throws<WorkFailedException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder.FullPath));
    }

    private RunFolder Open(string name, string recipe) => RunFolder.Open(_folder.PathOf(name), recipe, TimeProvider.System, _listener);

    private async Task<string> Do(string run, string work, string hash, string content)
    {
        using var folder = Open(run, "r");
        return await folder.OnceAsync(
            work,
            hash,
            () =>
            {
                _computed++;
                AtomicFile.WriteText(folder.PathOf("file.txt"), content);
                return Task.FromResult<IReadOnlyList<string>>(["file.txt"]);
            },
            () => File.ReadAllText(folder.PathOf("file.txt")));
    }

    private sealed class Listener : IRunObserver
    {
        public List<RunEvent> Events { get; } = [];

        public void OnEvent(RunEvent happening) => Events.Add(happening);

        public void OnProgress(string work, StageProgress progress)
        {
        }

        public void OnWarning(string message)
        {
        }
    }
}

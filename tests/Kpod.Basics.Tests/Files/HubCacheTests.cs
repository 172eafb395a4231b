using Kpod.Files;
using Kpod.Testing;

namespace Kpod.Basics.Tests.Files;

public sealed class HubCacheTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("HuggingFaceTB/SmolLM2-135M-Instruct", "HuggingFaceTB/SmolLM2-135M-Instruct", "main", null)]
    [InlineData("openai/gsm8k@v1.0", "openai/gsm8k", "v1.0", null)]
    [InlineData("a/b/model-Q4_K_M.gguf", "a/b", "main", "model-Q4_K_M.gguf")]
    [InlineData("a/b@refs/pr/7/sub/model.gguf", "a/b", "refs/pr/7", "sub/model.gguf")]
    public void A_name_has_owner_name_revision_and_file(string text, string repository, string revision, string? file) =>
        Assert.Equal(new HubName(repository, revision, file), HubName.Parse(text));

    [Theory]
    [InlineData("model")]
    [InlineData("./a/b")]
    [InlineData("/a/b")]
    [InlineData("../a/b")]
    [InlineData("a/b/../../c")]
    [InlineData("a/b@")]
    [InlineData("C:\\a\\b")]
    [InlineData("")]
    public void A_path_is_no_name(string text) => Assert.Null(HubName.Parse(text));

    [Theory]
    [InlineData("HF_HUB_CACHE", "")]
    [InlineData("HF_HOME", "hub")]
    [InlineData("XDG_CACHE_HOME", "huggingface/hub")]
    [InlineData(null, ".cache/huggingface/hub")]
    public void The_cache_is_where_the_variables_say(string? variable, string below)
    {
        Write(below, "models--a--b");
        var cache = HubCache.Of(name => name == variable ? _folder.FullPath : null, variable is null ? _folder.FullPath : "/nowhere");
        Assert.Equal(Commit, cache.FindModel(HubName.Parse("a/b")!).Commit);
    }

    [Fact]
    public void A_revision_is_a_branch_a_commit_or_its_beginning_and_a_file_is_found_in_it()
    {
        Write(string.Empty, "models--a--b");
        var cache = new HubCache(_folder.FullPath);
        var folder = _folder.PathOf("models--a--b", "snapshots", Commit);
        Assert.Equal((folder, Commit), cache.FindModel(HubName.Parse("a/b")!));
        Assert.Equal((folder, Commit), cache.FindModel(HubName.Parse($"a/b@{Commit}")!));
        Assert.Equal((folder, Commit), cache.FindModel(HubName.Parse("a/b@0123456")!));
        Assert.Equal(Path.Combine(folder, "sub", "m.gguf"), cache.FindModel(HubName.Parse("a/b/sub/m.gguf")!).Path);
    }

    [Theory]
    [InlineData("a/c", "a/c: is not in the hub's cache")]
    [InlineData("a/c", "which has a/b.")]
    [InlineData("a/b@v2", "does not have the revision v2; it has the commits " + Commit)]
    [InlineData("a/b/no.gguf", "has no file no.gguf; it has config.json, sub/m.gguf.")]
    public void What_is_not_there_is_named_with_what_is(string name, string expected)
    {
        Write(string.Empty, "models--a--b");
        Assert.Contains(expected, Assert.Throws<KpodException>(() => new HubCache(_folder.FullPath).FindModel(HubName.Parse(name)!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_is_no_model()
    {
        Write(string.Empty, "datasets--a--b");
        var cache = new HubCache(_folder.FullPath);
        Assert.Equal(Commit, cache.FindDataset(HubName.Parse("a/b")!).Commit);
        Assert.Throws<KpodException>(() => cache.FindModel(HubName.Parse("a/b")!));
    }

    private void Write(string below, string repository)
    {
        var root = Path.Combine(_folder.FullPath, below, repository);
        var snapshot = Path.Combine(root, "snapshots", Commit);
        Directory.CreateDirectory(Path.Combine(snapshot, "sub"));
        Directory.CreateDirectory(Path.Combine(root, "refs"));
        File.WriteAllText(Path.Combine(root, "refs", "main"), Commit);
        File.WriteAllText(Path.Combine(snapshot, "config.json"), "{}");
        File.WriteAllText(Path.Combine(snapshot, "sub", "m.gguf"), "x");
    }
}

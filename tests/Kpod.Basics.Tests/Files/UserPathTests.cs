using Kpod.Files;
using Kpod.Testing;

namespace Kpod.Basics.Tests.Files;

public sealed class UserPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a/", "a")]
    [InlineData("a/b///", "a/b")]
    [InlineData("/", "/")]
    [InlineData("./", ".")]
    public void Slashes_at_the_end_mean_nothing(string path, string expected) => Assert.Equal(expected, UserPath.Written(path, "--out"));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u001bb")]
    public void What_is_no_name_is_refused(string path) => Assert.StartsWith("--out is ", Assert.Throws<KpodException>(() => UserPath.Written(path, "--out")).Message, StringComparison.Ordinal);

    [Fact]
    public void Links_are_followed_in_every_part_of_a_path_and_circles_are_refused()
    {
        Directory.CreateDirectory(_folder.PathOf("real"));
        File.WriteAllText(_folder.PathOf("real", "file"), "x");
        Directory.CreateSymbolicLink(_folder.PathOf("link"), "real");
        File.CreateSymbolicLink(_folder.PathOf("real", "again"), Path.Combine("..", "link", "file"));
        File.CreateSymbolicLink(_folder.PathOf("loose"), _folder.PathOf("link", "new"));
        Assert.Equal(_folder.PathOf("real", "file"), UserPath.Resolve(_folder.PathOf("link", "again")));
        Assert.Equal(_folder.PathOf("real", "new"), UserPath.Resolve(_folder.PathOf("loose")));
        File.CreateSymbolicLink(_folder.PathOf("one"), _folder.PathOf("two"));
        File.CreateSymbolicLink(_folder.PathOf("two"), _folder.PathOf("one"));
        Assert.Contains("lead in a circle", Assert.Throws<KpodException>(() => UserPath.Resolve(_folder.PathOf("one", "x"))).Message, StringComparison.Ordinal);
    }
}

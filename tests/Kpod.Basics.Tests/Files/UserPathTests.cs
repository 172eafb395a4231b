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

    [Theory]
    [InlineData("data/a.jsonl", "data/a.jsonl")]
    [InlineData("~", "/home/me")]
    [InlineData("~/data", "/home/me/data")]
    [InlineData("~you/data", "~you/data")]
    [InlineData("$DATA/a", "/mnt/a")]
    [InlineData("${DATA}x/a", "/mntx/a")]
    [InlineData("a$", "a$")]
    [InlineData("$HOME_DATA/a", "/home/me/d/a")]
    public void Home_and_variables_stand_for_what_they_name(string path, string expected)
    {
        Assert.Equal(expected, UserPath.Expand(path, Variable, "/home/me", out var unset));
        Assert.Null(unset);
    }

    [Fact]
    public void A_variable_that_is_not_set_is_named()
    {
        Assert.Null(UserPath.Expand("$DATA/$NOWHERE/a", Variable, "/home/me", out var unset));
        Assert.Equal("NOWHERE", unset);
    }

    private static string? Variable(string name) => name switch
    {
        "DATA" => "/mnt",
        "HOME_DATA" => "~/d",
        _ => null,
    };
}

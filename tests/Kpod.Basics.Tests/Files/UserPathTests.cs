using Kpod.Files;

namespace Kpod.Basics.Tests.Files;

public sealed class UserPathTests
{
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

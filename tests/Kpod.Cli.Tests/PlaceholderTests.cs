namespace Kpod.Cli.Tests;

public sealed class PlaceholderTests
{
    [Fact]
    public void The_program_starts() => Assert.NotNull(typeof(Program));
}

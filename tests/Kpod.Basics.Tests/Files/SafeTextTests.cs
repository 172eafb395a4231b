using Kpod.Files;

namespace Kpod.Basics.Tests.Files;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain \u00e9 \U0001F600\ttab\nline", "plain \u00e9 \U0001F600\ttab\nline")]
    [InlineData("windows\r\nline", "windows\r\nline")]
    [InlineData("over\rwritten", @"over\u000dwritten")]
    [InlineData("\u001b[31mred\u0007", @"\u001b[31mred\u0007")]
    [InlineData("\u009b31m\u007f", @"\u009b31m\u007f")]
    [InlineData("a\u202eb\u2066c\u200f", @"a\u202eb\u2066c\u200f")]
    public void What_steers_a_terminal_is_shown(string text, string expected) => Assert.Equal(expected, SafeText.Of(text));

    [Fact]
    public void On_one_line_line_ends_are_shown_too() => Assert.Equal(@"a\u000ab\u000d\u000ac\u0009", SafeText.OneLine("a\nb\r\nc\t"));
}

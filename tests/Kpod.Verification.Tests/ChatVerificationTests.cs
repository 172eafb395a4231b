using Kpod.Testing;

namespace Kpod.Verification.Tests;

public sealed class ChatVerificationTests
{
    [Fact]
    public void Every_recorded_conversation_is_rendered_without_any_difference()
    {
        var report = Verifier.Chats(
            SharedFolder.PathOf("fixtures", "tokenizers", "chat_templates", "cases.jsonl"), new DateTimeOffset(2026, 11, 6, 7, 8, 9, TimeSpan.Zero), VerificationAssert.Options);
        VerificationAssert.Passes(report);
        Assert.Equal(["expected", "error"], report.Checks.Select(check => check.Name));
        Assert.All(report.Checks, check => Assert.Equal(198, check.Values));
    }
}

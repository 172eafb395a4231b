using Kpod.Testing;
using Kpod.Tokenizers.ChatTemplates;

namespace Kpod.Tokenizers.Tests.ChatTemplates;

public sealed class ChatTemplateFixtureTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 6, 7, 8, 9, TimeSpan.Zero);

    [Fact]
    public void Every_recorded_conversation_is_rendered_without_any_difference()
    {
        var cases = ChatTemplateCase.RunFile(SharedFolder.PathOf("fixtures", "tokenizers", "chat_templates", "cases.jsonl"), Now);
        Assert.Equal(198, cases.Count);
        Assert.All(cases, one => Assert.Equal((one.Recorded, one.RecordedKind), (one.Rendered, one.RenderedKind)));
    }
}

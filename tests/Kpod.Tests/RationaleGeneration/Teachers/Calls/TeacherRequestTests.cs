using System.Security.Cryptography;
using System.Text;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Calls;

namespace Kpod.Tests.RationaleGeneration.Teachers.Calls;

public sealed class TeacherRequestTests
{
    private static readonly TeacherRequest Full = new()
    {
        Model = "gpt-3.5-turbo",
        Messages = [new PromptMessage(PromptRole.System, "Be brief."), new PromptMessage(PromptRole.User, "Q: How many\n€ has he?")],
        Sample = 2,
        Temperature = 0.7,
        TopP = 0.95,
        MaximumTokens = 512,
        Seed = 7,
        TopLogProbabilities = 5,
        StopTexts = ["\n\n"],
    };

    public static TheoryData<string, TeacherRequest> Changed() => new()
    {
        { "model", Full with { Model = "gpt-4o" } },
        { "text", Full with { Messages = [Full.Messages[0], Full.Messages[1] with { Text = "Q: How many\n€ has she?" }] } },
        { "role", Full with { Messages = [Full.Messages[0] with { Role = PromptRole.User }, Full.Messages[1]] } },
        { "order", Full with { Messages = [Full.Messages[1], Full.Messages[0]] } },
        { "sample", Full with { Sample = 3 } },
        { "temperature", Full with { Temperature = 0.70000001 } },
        { "no temperature", Full with { Temperature = null } },
        { "temperature of greedy", Full with { Temperature = 0 } },
        { "top-p", Full with { TopP = 0.9 } },
        { "most tokens", Full with { MaximumTokens = 513 } },
        { "seed", Full with { Seed = -7 } },
        { "no seed", Full with { Seed = null } },
        { "log-probabilities", Full with { TopLogProbabilities = 4 } },
        { "stop texts", Full with { StopTexts = ["\n\n", "Q:"] } },
        { "no stop text", Full with { StopTexts = [] } },
    };

    [Fact]
    public void The_canonical_text_is_as_documented_and_the_hash_is_that_of_its_bytes()
    {
        const string Expected = "kpod-request 1\nmodel 13\ngpt-3.5-turbo\nsample 1\n2\ntemperature 3\n0.7\ntopP 4\n0.95\nmaximumTokens 3\n512\nseed 1\n7\ntopLogProbabilities 1\n5\n"
            + "stop 2\n\n\n\nsystem 9\nBe brief.\nuser 23\nQ: How many\n€ has he?\n";
        Assert.Equal(Expected, Full.CanonicalText());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Expected))), Full.Hash);
    }

    [Fact]
    public void The_hash_of_a_small_request_stays_what_it_was()
    {
        // sha256sum of the documented lines; a change here would have every stored answer asked for and paid again.
        var small = new TeacherRequest { Model = "m", Messages = [new PromptMessage(PromptRole.User, "x")] };
        Assert.Equal("kpod-request 1\nmodel 1\nm\nsample 1\n0\nuser 1\nx\n", small.CanonicalText());
        Assert.Equal("64dd6eb3d32824ca8c13ec94144780f1cfee3dee882b4e70314a321b30e58e3c", small.Hash);
    }

    [Theory]
    [MemberData(nameof(Changed))]
    public void Whatever_shapes_the_answer_changes_the_hash(string what, TeacherRequest changed) => Assert.True(Full.Hash != changed.Hash, what);

    [Fact]
    public void Two_ways_to_cut_the_same_text_into_messages_have_two_hashes()
    {
        TeacherRequest Of(params string[] texts) => new() { Model = "m", Messages = [.. texts.Select(text => new PromptMessage(PromptRole.User, text))] };
        Assert.NotEqual(Of("a\nuser 1\nb").Hash, Of("a", "b").Hash);
        Assert.NotEqual(Of("ab", string.Empty).Hash, Of("a", "b").Hash);
    }
}

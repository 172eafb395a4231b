using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Store;
using Kpod.Testing;

namespace Kpod.Tests.RationaleGeneration.Teachers.Calls;

public sealed class AnswerLogProbabilitiesTests
{
    private const string WholeAnswer = """
        {"id":"chatcmpl-1","choices":[{"index":0,"message":{"role":"assistant","content":"3 + 4"},"finish_reason":"stop","logprobs":{"refusal":null,"content":[
          {"token":"3","bytes":[51],"logprob":-0.5,"top_logprobs":[{"token":"3","bytes":[51],"logprob":-0.5},{"token":"Tom","bytes":[84,111,109],"logprob":-1.5}]},
          {"token":" +","bytes":[32,43],"logprob":0.0,"top_logprobs":[{"token":" -","bytes":[32,45],"logprob":-9999.0},{"token":" +","bytes":[32,43],"logprob":0.0}]},
          {"token":" 4","bytes":null,"logprob":-2.25,"top_logprobs":[]}]}}]}
        """;

    [Fact]
    public void Each_token_has_its_place_and_the_distribution_that_it_was_drawn_from()
    {
        var places = AnswerLogProbabilities.Read(Answer("3 + 4", WholeAnswer))!;
        Assert.Equal(["3", " +", " 4"], places.Select(place => place.Chosen.Text));
        Assert.Equal([-0.5, 0, -2.25], places.Select(place => place.Chosen.LogProbability));
        Assert.Equal([(0, 1), (1, 3), (3, 5)], places.Select(place => (place.Start!.Value, place.End!.Value)));
        Assert.Equal([("3", -0.5), ("Tom", -1.5)], places[0].Top.Select(token => (token.Text, token.LogProbability)));
        Assert.Equal([(" +", 0.0), (" -", double.NegativeInfinity)], places[1].Top.Select(token => (token.Text, token.LogProbability)));
        Assert.Equal(Math.Exp(-0.5) + Math.Exp(-1.5), places[0].CoveredProbability, 12);
        Assert.Equal([1, 0], places.Skip(1).Select(place => place.CoveredProbability));
        Assert.Equal([84, 111, 109], places[0].Top[1].Bytes!);
        Assert.Null(places[2].Chosen.Bytes);
    }

    [Fact]
    public void They_are_read_out_of_a_store_as_they_were_put_in()
    {
        using var folder = new TemporaryFolder();
        var request = new TeacherRequest { Model = "m", Messages = [new PromptMessage(PromptRole.User, "3 + 4?")], TopLogProbabilities = 2 };
        using (var store = TeacherStore.Open(folder.PathOf("answers.db")))
        {
            store.Add(request, Answer("3 + 4", WholeAnswer));
        }

        using var again = TeacherStore.OpenToRead(folder.PathOf("answers.db"));
        var stored = again.All().Single();
        Assert.Equal(2, stored.Request.TopLogProbabilities);
        Assert.Equal([-0.5, 0, -2.25], AnswerLogProbabilities.Read(stored.Answer)!.Select(place => place.Chosen.LogProbability));
    }

    [Fact]
    public void A_character_that_is_several_tokens_belongs_to_the_last_of_them()
    {
        // é is C3 A9; the smile is F0 9F 98 80, two UTF-16 units.
        var places = Read("é😀!", """{"token":"a","bytes":[195],"logprob":-1}""", """{"token":"b","bytes":[169,240,159],"logprob":-1}""", """{"token":"c","bytes":[152,128],"logprob":-1}""", """{"token":"!","logprob":-1}""");
        Assert.Equal([(0, 0), (0, 1), (1, 3), (3, 4)], places.Select(place => (place.Start!.Value, place.End!.Value)));
    }

    [Fact]
    public void Thoughts_in_front_and_an_end_token_behind_have_no_place_in_the_text()
    {
        var places = Read("7", """{"token":"<think>","logprob":-1}""", """{"token":"7?","logprob":-1}""", """{"token":"</think>\n","logprob":-1}""", """{"token":" 7","logprob":-1}""", """{"token":"<|end|>","logprob":-1}""");
        Assert.Equal([null, null, null, (0, 1), null], places.Select(place => place.Start is { } start ? (start, place.End!.Value) : default((int, int)?)));
    }

    [Fact]
    public void Tokens_that_do_not_spell_the_text_have_no_places()
    {
        var places = Read("seven", """{"token":"7","logprob":null}""");
        Assert.Equal((null, null, double.NegativeInfinity), (places[0].Start, places[0].End, places[0].Chosen.LogProbability));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"logprobs":null}]}""")]
    [InlineData("""{"choices":[{"logprobs":{"content":null}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"x"}}]}""")]
    [InlineData("[1]")]
    public void A_response_without_them_has_none(string raw) => Assert.Null(AnswerLogProbabilities.Read(Answer("x", raw)));

    [Theory]
    [InlineData("""{"choices":[{"logprobs":{"content":[{"token":"x"}]}}]}""")]
    [InlineData("""{"choices":[{"logprobs":{"content":[{"token":"x","logprob":"low"}]}}]}""")]
    [InlineData("""{"choices":[{"logprobs":{"content":[{"token":"x","logprob":-1,"bytes":[300]}]}}]}""")]
    [InlineData("""{"choices":[{"logprobs":{"content":[7]}}]}""")]
    [InlineData("""{"choices":[{"logprobs":{"content":[""")]
    public void A_response_in_another_form_is_refused(string raw) =>
        Assert.Matches("^the log-probabilities of the answer of 2026-11-26 09:00:00Z cannot be read \\(.*\\); they should stand", Assert.Throws<KpodException>(() => AnswerLogProbabilities.Read(Answer("x", raw))).Message);

    private static IReadOnlyList<TokenDistribution> Read(string text, params string[] tokens) =>
        AnswerLogProbabilities.Read(Answer(text, $$$"""{"choices":[{"logprobs":{"content":[{{{string.Join(',', tokens)}}}]}}]}"""))!;

    private static TeacherAnswer Answer(string text, string raw) => new() { Text = text, Raw = raw, Seconds = 1, ArrivedAt = new DateTimeOffset(2026, 11, 26, 9, 0, 0, TimeSpan.Zero) };
}

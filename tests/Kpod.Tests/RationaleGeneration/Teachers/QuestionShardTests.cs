using Kpod.Datasets.Questions;
using Kpod.RationaleGeneration.Teachers;

namespace Kpod.Tests.RationaleGeneration.Teachers;

public sealed class QuestionShardTests
{
    // printf chal-1 | sha256sum | cut -c1-16, and the remainder of that number in another program.
    [Theory]
    [InlineData("chal-1", 8, 4)]
    [InlineData("chal-1", 7, 5)]
    [InlineData("grün-5 😀", 1000, 365)]
    [InlineData("", 10, 3)]
    public void A_questions_shard_is_the_one_that_any_program_computes_from_its_id(string id, int count, int number) =>
        Assert.Equal([number], Enumerable.Range(1, count).Where(candidate => new QuestionShard(candidate, count).Holds(id)));

    [Fact]
    public void The_shards_are_a_partition_of_about_equal_parts_whatever_the_order()
    {
        Question[] questions = [.. Enumerable.Range(0, 3000).Select(number => new Question { Id = $"q{number}", Text = "?", Answer = "1" })];
        var shards = Enumerable.Range(1, 6).Select(number => new QuestionShard(number, 6).Of(questions)).ToArray();
        Assert.Equal(questions.Select(question => question.Id).Order(), shards.SelectMany(shard => shard).Select(question => question.Id).Order());

        // 500 each, standard deviation 20.
        Assert.All(shards, shard => Assert.InRange(shard.Count, 420, 580));
        Array.Reverse(questions);
        Assert.Equal(shards[2].Reverse(), new QuestionShard(3, 6).Of(questions));
        Assert.Equal(questions, new QuestionShard(1, 1).Of(questions));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("-1/4")]
    [InlineData("1/4/2")]
    [InlineData("1/0")]
    [InlineData("1 / 4")]
    [InlineData("a/b")]
    [InlineData("1/99999999999")]
    public void What_is_no_shard_is_refused(string text) =>
        Assert.Equal($"the shard '{text}' is none; give i/n, i from 1 to n, such as 2/8 for the second of eight.", Assert.Throws<KpodException>(() => QuestionShard.Parse(text)).Message);

    [Fact]
    public void A_shard_is_read_as_it_is_written() => Assert.Equal("3/16", QuestionShard.Parse("3/16").ToString());
}

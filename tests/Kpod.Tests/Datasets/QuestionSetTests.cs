using Kpod.Datasets;
using Kpod.Datasets.Formats;

namespace Kpod.Tests.Datasets;

public sealed class QuestionSetTests : IDisposable
{
    private readonly DataFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_faults_of_all_splits_are_reported_together()
    {
        var train = _files.Write("train.jsonl", "{\"question\":\"A?\",\"answer\":\"1\"}\n{\"question\":\"B?\"}\n{");
        var test = _files.Write("test.jsonl", "{\"answer\":\"1\"}");
        var missing = _files.PathOf("validation.jsonl");
        var message = DataFiles.FaultOf(DatasetFormat.JsonLines, train, missing, test);
        Assert.StartsWith("The data set cannot be used: 4 faults", message, StringComparison.Ordinal);
        Assert.Contains($"{train}, line 2: lacks the field 'answer'.", message, StringComparison.Ordinal);
        Assert.Contains($"{train}, line 3: no JSON", message, StringComparison.Ordinal);
        Assert.Contains($"{missing}: cannot be read", message, StringComparison.Ordinal);
        Assert.Contains($"{test}, line 1: lacks the field 'question'.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_occurs_twice_is_a_fault_within_and_across_splits()
    {
        var train = _files.Write("train.jsonl", Line("a", "One?") + Line("a", "Two?"));
        var test = _files.Write("test.jsonl", Line("a", "Three?"));
        var message = DataFiles.FaultOf(DatasetFormat.JsonLines, train, test: test);
        Assert.Contains("the id 'a' occurs twice (train and train)", message, StringComparison.Ordinal);
        Assert.Contains("the id 'a' occurs twice (train and test)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_in_two_splits_is_a_fault_whatever_its_case_and_spacing()
    {
        var train = _files.Write("train.jsonl", Line("a", "How  many apples?") + Line("b", "Other?"));
        var validation = _files.Write("validation.jsonl", Line("c", "how many APPLES?") + Line("d", "Third?"));
        var test = _files.Write("test.jsonl", Line("e", "third?"));
        var message = DataFiles.FaultOf(DatasetFormat.JsonLines, train, validation, test);
        Assert.Contains("the validation question 'c' is also the train question 'a', so its answer would be learned; remove it from one of them.", message, StringComparison.Ordinal);
        Assert.Contains("the test question 'e' is also the validation question 'd', so what settings are chosen by is judged by too; remove it from one of them.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_wording_with_other_choices_is_another_question()
    {
        string With(string id, string text) => $$$"""{"id":"{{{id}}}","question":"Where?","answer":"A","choices":{"A":"{{{text}}}","B":"y"}}""" + "\n";
        var set = DataFiles.Load(DatasetFormat.JsonLines, _files.Write("train.jsonl", With("a", "x")), test: _files.Write("test.jsonl", With("b", "z")));
        Assert.Single(set.Split("test"));
    }

    [Fact]
    public void A_limit_takes_the_first_questions_of_each_split_and_reads_no_further()
    {
        var train = _files.Write("train.jsonl", Line("a", "1?") + Line("b", "2?") + Line("c", "3?"));
        var test = _files.Write("test.jsonl", Line("d", "4?") + Line("e", "5?"));
        var set = DataFiles.Load(DatasetFormat.JsonLines, train, test: test, limit: 1);
        Assert.Equal(["a"], set.Train.Select(question => question.Id));
        Assert.Equal(["d"], set.Test.Select(question => question.Id));
        Assert.Equal(["a"], set.Recorded.Keys);
        File.AppendAllText(train, "{}");
        Assert.Single(DataFiles.Load(DatasetFormat.JsonLines, train, test: test, limit: 1).Train);
        Assert.Throws<KpodException>(() => DataFiles.Load(DatasetFormat.JsonLines, train, test: test, limit: 4));
    }

    [Fact]
    public void A_split_that_is_not_there_is_named_with_those_that_are()
    {
        var set = DataFiles.Load(DatasetFormat.JsonLines, _files.Write("train.jsonl", Line("a", "1?")));
        Assert.Equal("The data set has no split 'test'; it has train.", Assert.Throws<KpodException>(() => set.Split("test")).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_limit_below_one_is_a_fault(int limit) =>
        Assert.Equal([$"dataset.limit is {limit}; it must be 1 or more, or left out for all questions."], new DatasetOptions { Train = "t", Limit = limit }.Check());

    [Fact]
    public void The_summary_counts_and_measures()
    {
        var train = _files.Write("train.jsonl", """
            {"id":"a","question":"one two","answer":"1","rationales":[{"text":"x. y.","teacher":"t"},{"text":"x y z.","teacher":"u"}]}
            {"id":"b","question":"One  two","answer":"2"}
            {"id":"c","question":"one two three four","answer":"A","choices":{"A":"p","B":"q"},"rationales":[{"text":"w","teacher":"t"}]}
            """);
        var test = _files.Write("test.jsonl", Line("d", "5?"));
        var summary = DatasetSummary.Of(
            DataFiles.Load(DatasetFormat.JsonLines, train, test: test), text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, text => Math.Max(1, text.Count(character => character == '.')));
        Assert.Equal(["train", "test"], summary.Splits.Select(split => split.Split));
        var split = summary.Splits[0];
        Assert.Equal((3, 1, 1, 3, 1), (split.Questions, split.WithChoices, split.Duplicates, split.Rationales, split.WithoutRationale));
        Assert.Equal(new Lengths(2.7, 2, 4, 4), split.QuestionTokens);
        Assert.Equal(new Lengths(2, 2, 3, 3), split.RationaleTokens);
        Assert.Equal(new Lengths(1.3, 1, 2, 2), split.RationaleSteps);
        Assert.Equal([new("t", 2), new("u", 1)], split.Teachers);
        Assert.Null(summary.Splits[1].RationaleTokens);
    }

    private static string Line(string id, string question) => $$"""{"id":"{{id}}","question":"{{question}}","answer":"1"}""" + "\n";
}

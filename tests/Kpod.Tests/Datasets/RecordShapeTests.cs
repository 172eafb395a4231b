using Kpod.Datasets;
using Kpod.Datasets.Formats;
using Kpod.Datasets.Records;
using Kpod.Testing;

namespace Kpod.Tests.Datasets;

/// <summary>Records in the shapes of other tools and of the hub, and fields that the user maps.</summary>
public sealed class RecordShapeTests : IDisposable
{
    private const string Solution = "3 + 4 = 7. The answer is 7.";

    private readonly DataFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("alpaca", $$"""{"instruction":"How much is","input":"3 + 4?","output":"{{Solution}}"}""", "How much is\n3 + 4?")]
    [InlineData("alpaca", $$"""{"instruction":"How much is 3 + 4?","input":"","output":"{{Solution}}"}""", "How much is 3 + 4?")]
    [InlineData("shareGpt", $$"""{"conversations":[{"from":"human","value":"How much is 3 + 4?"},{"from":"gpt","value":"{{Solution}}"}]}""", "How much is 3 + 4?")]
    [InlineData("messages", $$"""{"messages":[{"role":"user","content":"How much is 3 + 4?"},{"role":"assistant","content":"{{Solution}}"}]}""", "How much is 3 + 4?")]
    [InlineData("messages", $$"""{"messages":[{"role":"user","content":[{"type":"text","text":"How much is 3 + 4?"}]},{"role":"assistant","content":"{{Solution}}"}]}""", "How much is 3 + 4?")]
    [InlineData("promptCompletion", $$"""{"prompt":"How much is 3 + 4?","completion":"{{Solution}}"}""", "How much is 3 + 4?")]
    [InlineData("promptCompletion", $$"""{"prompt":[{"role":"user","content":"How much is 3 + 4?"}],"completion":[{"role":"assistant","content":"{{Solution}}"}]}""", "How much is 3 + 4?")]
    [InlineData("gsm8k", """{"question":"How much is 3 + 4?","answer":"3 + 4 = 7. The answer is 7.\n#### 7"}""", "How much is 3 + 4?")]
    public void A_known_shape_needs_no_mapping_and_is_said_in_one_line(string format, string record, string question)
    {
        var path = _files.Write("a.jsonl", record);
        var set = QuestionSet.Load(new DatasetOptions { Train = path });
        Assert.Equal((question, "7"), (set.Train[0].Text, set.Train[0].Answer));
        Assert.Equal(Solution, set.Recorded[set.Train[0].Id].Single().Text);
        Assert.Equal($"{path}: read as {format}, which its fields show (dataset.format).", Assert.Single(set.Notes));
        Assert.Empty(set.Remarks);
    }

    [Fact]
    public void Turns_that_are_not_read_are_said()
    {
        var set = QuestionSet.Load(new DatasetOptions { Train = _files.Write("a.jsonl", """
            {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"3 + 4?"},{"role":"assistant","content":"The answer is 7."},{"role":"user","content":"And 1 + 1?"},{"role":"assistant","content":"2"}]}
            """) });
        Assert.Equal(("3 + 4?", "7"), (set.Train[0].Text, set.Train[0].Answer));
        Assert.Equal(2, set.Remarks.Count);
    }

    [Theory]
    [InlineData("""{"choices":{"label":["A","B"],"text":["river","desk"]},"answerKey":"B","id":"x","question":"Where?"}""", "B")]
    [InlineData("""{"question":"Where?","choices":["river","desk"],"answer":1}""", "B")]
    [InlineData("""{"question":"Where?","choices":["river","desk"],"answer":"B"}""", "B")]
    [InlineData("""{"question":"Where?","choices":["river","desk"],"answer":"desk"}""", "B")]
    [InlineData("""{"question":"Where?","choices":["river","desk"],"answer":"1"}""", "B")]
    [InlineData("""{"question":"Where?","choices":["river","desk"],"answer":"(b)"}""", "B")]
    [InlineData("""{"question":"Where?","choices":[{"label":"1","text":"river"},{"label":"2","text":"desk"}],"answer":"2"}""", "2")]
    [InlineData("""{"question":"Where?","choices":{"A":"river","B":"desk"},"rationales":["It stands on wood. The answer is (B)."]}""", "B")]
    public void Choices_and_their_answer_are_read_in_every_form(string record, string answer)
    {
        var question = QuestionSet.Load(new DatasetOptions { Train = _files.Write("a.jsonl", record) }).Train.Single();
        Assert.Equal(("Where?", answer), (question.Text, question.Answer));
        Assert.Equal(["river", "desk"], question.Choices!.Values);
    }

    [Theory]
    [InlineData("""{"rationales":["3 + 4 = 7. The answer is 7."]}""")]
    [InlineData("""{"rationales":"3 + 4 = 7. The answer is 7."}""")]
    [InlineData("""{"rationale":"3 + 4 = 7. The answer is 7."}""")]
    public void Where_there_is_no_answer_the_rationales_own_counts(string rationales)
    {
        var set = QuestionSet.Load(new DatasetOptions { Train = _files.Write("a.jsonl", """{"question":"Q?",""" + rationales[1..]) });
        Assert.Equal("7", set.Train[0].Answer);
        Assert.Equal(Solution, set.Recorded["train-00000"].Single().Text);
        Assert.Equal(rationales.Contains("\"rationale\"", StringComparison.Ordinal) ? 1 : 0, set.Notes.Count);
    }

    [Fact]
    public void Fields_are_mapped_by_their_paths()
    {
        var path = _files.Write("a.jsonl", """{"problem":{"text":"Q?"},"solution":{"steps":["3 + 4 = 7."],"final":7},"options":["6","7"],"id":"x"}""");
        var columns = new DatasetColumns { Question = "problem.text", Answer = "solution.final", Rationale = "solution.steps" };
        var set = QuestionSet.Load(new DatasetOptions { Train = path, Columns = columns });
        Assert.Equal(("x", "Q?", "7"), (set.Train[0].Id, set.Train[0].Text, set.Train[0].Answer));
        Assert.Equal("3 + 4 = 7.", set.Recorded["x"].Single().Text);
        var chosen = QuestionSet.Load(new DatasetOptions { Train = _files.Write("b.jsonl", """{"q":"Q?","turns":["a","7"],"options":["6","7"]}"""), Columns = new DatasetColumns { Question = "q", Answer = "turns.1", Choices = "options" } });
        Assert.Equal("B", chosen.Train[0].Answer);
    }

    [Theory]
    [InlineData("problm", null, "lacks the field 'problm'; did you mean 'problem'? (dataset.columns.question: problem)")]
    [InlineData("problem", "solution.finl", "lacks the field 'solution.finl'; did you mean 'solution.final'? (dataset.columns.answer: solution.final)")]
    public void A_mapping_to_a_field_that_is_not_there_names_the_nearest(string question, string? answer, string expected)
    {
        var path = _files.Write("a.jsonl", """{"problem":"Q?","solution":{"final":7}}""");
        var fault = Assert.Throws<KpodException>(() => QuestionSet.Load(new DatasetOptions { Train = path, Columns = new DatasetColumns { Question = question, Answer = answer } }));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapped_field_that_no_record_has_is_a_fault()
    {
        var path = _files.Write("a.jsonl", """{"question":"Q?","answer":7,"reasoning":"3 + 4 = 7."}""");
        var fault = Assert.Throws<KpodException>(() => QuestionSet.Load(new DatasetOptions { Train = path, Columns = new DatasetColumns { Rationale = "reasonng" } }));
        Assert.Contains("no record has the field 'reasonng' that dataset.columns.rationale names; did you mean 'reasoning'?", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rational", "rationales")]
    [InlineData("Rationales", "rationales")]
    [InlineData("explanation", "rationales")]
    [InlineData("options", "choices")]
    public void A_key_that_nobody_reads_though_it_looks_like_one_is_named(string key, string like)
    {
        var set = QuestionSet.Load(new DatasetOptions { Train = _files.Write("a.jsonl", $$"""{"question":"Q?","answer":7,"{{key}}":["x"],"level":3}""" + "\n" + $$"""{"question":"R?","answer":7,"{{key}}":["x"]}""") });
        Assert.Contains($"the key '{key}' is not read, though it looks like '{like}'", Assert.Single(set.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_beside_a_format_with_names_of_its_own_are_a_fault() => Assert.Contains(
        "dataset.columns names fields, but dataset.format is a format with names of its own (svamp)",
        Assert.Single(new DatasetOptions { Train = "t", Format = DatasetFormat.Svamp, Columns = new DatasetColumns { Question = "q" } }.Check()),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("csqa-hub.jsonl", DatasetFormat.CommonsenseQa, "A")]
    [InlineData("csqa-hub.jsonl", null, "A")]
    [InlineData("mmlu.jsonl", DatasetFormat.JsonLines, "B")]
    [InlineData("svamp-hub.jsonl", DatasetFormat.Svamp, "7")]
    [InlineData("svamp-hub.jsonl", null, "7")]
    [InlineData("list.json", DatasetFormat.JsonLines, "7")]
    [InlineData("text-rationales.jsonl", DatasetFormat.JsonLines, "7")]
    public void The_shared_cases_of_shapes_are_read(string name, DatasetFormat? format, string answer) =>
        Assert.Equal(answer, QuestionSet.Load(new DatasetOptions { Train = SharedFolder.PathOf("cases", "10-dataset-shapes", name), Format = format }).Train[0].Answer);

    [Fact]
    public void The_shared_case_of_decimal_commas_names_what_is_unclear()
    {
        var fault = Assert.Throws<KpodException>(() => QuestionSet.Load(new DatasetOptions { Train = SharedFolder.PathOf("cases", "07-decimal-comma", "train.jsonl") })).Message;
        Assert.All(new[] { "line 1: has the answer '2,5'", "'2,4,6'", "'1.234,56'", "'12,34'" }, part => Assert.Contains(part, fault, StringComparison.Ordinal));
        Assert.DoesNotContain("$1,234.50", fault, StringComparison.Ordinal);
    }
}

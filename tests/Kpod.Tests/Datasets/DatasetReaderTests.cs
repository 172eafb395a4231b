using System.Text;
using Kpod.Datasets.Formats;
using Kpod.Datasets.Questions;

namespace Kpod.Tests.Datasets;

public sealed class DatasetReaderTests : IDisposable
{
    private const string Choices = "\"choices\":{\"A\":\"bank\",\"B\":\"river\"}";

    private readonly DataFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Our_own_lines_give_questions_choices_and_rationales()
    {
        var path = _files.Write("train.jsonl", $$"""
            {"id":"a","question":"How many?","answer":"1,234","extra":{"deep":[1,2]},"rationales":[{"text":"It is 1234.","teacher":"t","raw":"It is 1234. The answer is 1234.","correct":true,"finishReason":"stop"},{"text":"x"}]}

            {"question":"Where?","answer":"B",{{Choices}},"rationales":[]}
            {"id":7,"question":"Half?","answer":0.50}
            """);
        var set = DataFiles.Load(DatasetFormat.JsonLines, path);
        Assert.Equal(["a", "train-00002", "7"], set.Train.Select(question => question.Id));
        Assert.Equal(["1234", "B", "0.5"], set.Train.Select(question => question.Answer));
        Assert.Equal(["bank", "river"], set.Train[1].Choices!.Values);
        Assert.Equal([new RecordedRationale("It is 1234.", "t", "stop", "It is 1234. The answer is 1234."), new RecordedRationale("x", "unknown")], set.Recorded["a"]);
        Assert.Empty(set.Validation);
        Assert.Equal(["train"], set.Splits.Select(split => split.Name));
    }

    [Fact]
    public void Gsm8k_gives_the_answer_behind_the_marker_and_the_human_solution_without_notes()
    {
        var path = _files.Write("train.jsonl", """{"question":"How many?","answer":"He has 3+4=<<3+4=7>>7.\nTimes 200: <<7*200=1400>>1,400.\n#### 1,400"}""");
        var set = DataFiles.Load(DatasetFormat.Gsm8k, path);
        Assert.Equal("1400", set.Train[0].Answer);
        Assert.Equal("He has 3+4=7.\nTimes 200: 1,400.", set.Recorded["train-00000"].Single().Text);
        Assert.Equal("human", set.Recorded["train-00000"].Single().Teacher);
    }

    [Fact]
    public void Svamp_joins_body_and_question_by_a_space_as_the_papers_splits_do()
    {
        var path = _files.Write("SVAMP.json", """[{"ID":"chal-1","Body":"Each pack costs 76 dollars, less 25 ","Question":"How much?","Answer":51.0},{"ID":"chal-2","Body":"B.","Question":"Q?","Answer":"3"}]""");
        var set = DataFiles.Load(DatasetFormat.Svamp, path);
        Assert.Equal(["Each pack costs 76 dollars, less 25 How much?", "B. Q?"], set.Train.Select(question => question.Text));
        Assert.Equal(["51", "3"], set.Train.Select(question => question.Answer));
    }

    [Fact]
    public void Asdiv_takes_the_unit_off_the_answer()
    {
        var path = _files.Write("a.xml", """
            <Machine-Reading-Corpus-File><ProblemSet>
              <Problem ID="n1"><Body>Seven &amp; two.</Body><Question>How many? </Question><Answer>9 (apples)</Answer></Problem>
              <Problem ID="n2"><Body>B</Body><Question>Who?</Question><Answer>Mrs. Hilt</Answer></Problem>
              <Problem ID="n3"><Body>B2</Body><Question>Ratio?</Question><Answer>1,200 (sq. ft (about)) </Answer></Problem>
            </ProblemSet></Machine-Reading-Corpus-File>
            """);
        var set = DataFiles.Load(DatasetFormat.Asdiv, path);
        Assert.Equal("Seven & two. How many?", set.Train[0].Text);
        Assert.Equal(["9", "Mrs. Hilt"], set.Train.Take(2).Select(question => question.Answer));
    }

    [Fact]
    public void Commonsense_qa_gives_stem_and_choices_in_order()
    {
        var path = _files.Write("c.jsonl", """{"answerKey":"B","id":"x","question":{"question_concept":"c","choices":[{"label":"A","text":"bank"},{"label":"B","text":"mall"}],"stem":"Where?"}}""");
        var question = DataFiles.Load(DatasetFormat.CommonsenseQa, path).Train.Single();
        Assert.Equal(("x", "Where?", "B"), (question.Id, question.Text, question.Answer));
        Assert.Equal([new("A", "bank"), new("B", "mall")], question.Choices);
    }

    [Fact]
    public void Mcc_kd_splits_choices_off_the_instruction_and_reads_one_output_or_many()
    {
        var path = _files.Write("m.json", """[{"instruction":"Where? Answer Choices:\nA. bank\nB. st. mall\n","output":"","label":"B"},{"instruction":"How many?\n","output":["one","", "two"],"label":"2"},{"instruction":"And?","output":"three","label":3}]""");
        var set = DataFiles.Load(DatasetFormat.MccKd, path);
        Assert.Equal(["Where?", "How many?", "And?"], set.Train.Select(question => question.Text));
        Assert.Equal(["bank", "st. mall"], set.Train[0].Choices!.Values);
        Assert.Equal([0, 2, 1], set.Train.Select(question => set.Recorded[question.Id].Count));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_byte_order_mark_and_windows_line_ends_change_nothing(bool mark, bool crlf)
    {
        var text = "{\"id\":\"a\",\"question\":\"Q\u2028?\",\"answer\":\"1\"}\n{\"id\":\"b\",\"question\":\"R?\",\"answer\":\"2\"}\n".Replace("\n", crlf ? "\r\n" : "\n", StringComparison.Ordinal);
        var set = DataFiles.Load(DatasetFormat.JsonLines, _files.Write("t.jsonl", [.. mark ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(text)]));
        Assert.Equal(["Q\u2028?", "R?"], set.Train.Select(question => question.Text));
    }

    [Theory]
    [InlineData(DatasetFormat.JsonLines, """{"id":"a","question":"Q?","answer":"1" """, "line 1: no JSON")]
    [InlineData(DatasetFormat.JsonLines, """["a"]""", "record 1: is no JSON object but text.")]
    [InlineData(DatasetFormat.JsonLines, """{"id":"a","answer":"1"}""", "line 1: lacks the field 'question'.")]
    [InlineData(DatasetFormat.JsonLines, """{"id":"a","question":"Q?"}""", "line 1: lacks the field 'answer'.")]
    [InlineData(DatasetFormat.JsonLines, """{"id":"a","question":"Q?","answer":null}""", "line 1: lacks the field 'answer'.")]
    [InlineData(DatasetFormat.JsonLines, """{"id":"a","question":"Q?","answer":"  "}""", "line 1: has an empty field 'answer'.")]
    [InlineData(DatasetFormat.JsonLines, """{"id":"a","question":"Q?","answer":[1]}""", "line 1: has a list in the field 'answer', where an answer should stand.")]
    [InlineData(DatasetFormat.JsonLines, """{"id":"a","question":5,"answer":"1"}""", "line 1: has a number in the field 'question', where text should stand.")]
    [InlineData(DatasetFormat.JsonLines, """{"id":true,"question":"Q?","answer":"1"}""", "line 1: has true or false in the field 'id', where text should stand.")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"\ud83d?","answer":"1"}""", "line 1: has half a character in the field 'question' (a lone surrogate such as \\ud83d).")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"C","choices":{"A":"x","B":"y"}}""", "line 1: has the answer 'C', which is none of its choices (A, B).")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"A","choices":{"A":"x","A":"y"}}""", "line 1: has the choice 'A' twice.")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"A","choices":{}}""", "line 1: has 0 choices; a question with choices has two or more.")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"A","choices":{"A":1,"B":"y"}}""", "line 1: has a number in the field 'choices.A', where text should stand.")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":2,"choices":["x","y"]}""", "line 1: has the answer '2', which is none of its choices (A, B).")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"A","choices":7}""", "line 1: has a number in the field 'choices', where choices should stand: an object of letters and texts, a list of texts, or labels and texts")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"A","choices":{"label":["A"],"text":["x","y"]}}""", "line 1: has 1 labels and 2 texts in the field 'choices'")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"1","rationales":5}""", "line 1: has a number in the field 'rationales', where rationales should stand: a text, a list of texts, or a list of objects with 'text'.")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"1","rationales":[5]}""", "line 1: has a number in the field 'rationales[0]', where a rationale should stand")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","anwser":"1"}""", "line 1: lacks the field 'answer'; did you mean 'anwser'? (dataset.columns.answer: anwser)")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"2,5"}""", "line 1: has the answer '2,5', whose commas do not group thousands")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"1.234,56"}""", "line 1: has the answer '1.234,56', whose commas")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"2,4,6"}""", "line 1: has the answer '2,4,6', whose commas")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","rationales":["Nothing is said."]}""", "line 1: lacks the field 'answer', and no answer is found in its rationale")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"1","rationales":[{"teacher":"t"}]}""", "line 1: lacks the field 'text'.")]
    [InlineData(DatasetFormat.JsonLines, """{"question":"Q?","answer":"1","rationales":[{"text":7}]}""", "line 1: has a number in the field 'text', where text should stand.")]
    [InlineData(DatasetFormat.JsonLines, "\n \n", "holds no question. The train split must have at least one.")]
    [InlineData(DatasetFormat.JsonLines, "", "holds no question.")]
    [InlineData(DatasetFormat.Gsm8k, """{"question":"Q?","answer":"It is 5."}""", "line 1: has an answer without '#### y' at its end, so the gold answer is missing.")]
    [InlineData(DatasetFormat.Gsm8k, """{"question":"Q?","answer":"#### "}""", "so the gold answer is missing.")]
    [InlineData(DatasetFormat.Svamp, "[]", "holds no question.")]
    [InlineData(DatasetFormat.Svamp, """{"ID":"a"}""", "line 1: lacks the field 'Body'.")]
    [InlineData(DatasetFormat.Svamp, """[{"ID":"a","Body":"B","Answer":1}]""", "record 1: lacks the field 'Question'.")]
    [InlineData(DatasetFormat.Svamp, """[{"ID":"a","Body":"B","Question":"Q"}]""", "record 1: lacks the field 'Answer'.")]
    [InlineData(DatasetFormat.Svamp, """[{"ID":"a","Body":"B","Question":"Q","Answer":1}, 5]""", "record 2: is no JSON object but a number.")]
    [InlineData(DatasetFormat.Svamp, "[{\"ID\":\"a\",\n\"Body\":\"B\"", "line 2: no JSON")]
    [InlineData(DatasetFormat.Svamp, "", "holds no question.")]
    [InlineData(DatasetFormat.Svamp, "[", "line 1: no JSON (the file ends")]
    [InlineData(DatasetFormat.Svamp, "{\n\"a\": 1}", "is an object without a list of records.")]
    [InlineData(DatasetFormat.Svamp, "{\n\"a\": [{\"ID\":\"x\",\"Body\":\"B\",\"Question\":\"Q\",\"Answer\":1}], \"b\": [{}]}", "has two lists of records, 'a' and 'b'")]
    [InlineData(DatasetFormat.CommonsenseQa, """{"id":"x","question":{"stem":"S?","choices":[{"label":"A","text":"a"},{"label":"B","text":"b"}]}}""", "line 1: lacks the field 'answerKey', so it has no answer.")]
    [InlineData(DatasetFormat.CommonsenseQa, """{"id":"x","answerKey":"C","question":{"stem":"S?","choices":[{"label":"A","text":"a"},{"label":"B","text":"b"}]}}""", "line 1: has the answer 'C', which is none of its choices (A, B).")]
    [InlineData(DatasetFormat.CommonsenseQa, """{"id":"x","answerKey":"A","question":{"stem":"S?","choices":[{"label":"A","text":"a"},{"label":"A","text":"b"}]}}""", "line 1: has the choice 'A' twice.")]
    [InlineData(DatasetFormat.CommonsenseQa, """{"id":"x","answerKey":"A","question":"S?"}""", "line 1: lacks the field 'choices'.")]
    [InlineData(DatasetFormat.MccKd, """[{"instruction":"Q?","output":"r"}]""", "record 1: lacks the field 'label'.")]
    [InlineData(DatasetFormat.MccKd, """[{"instruction":"Q?","output":[1],"label":"1"}]""", "record 1: has a number in the field 'output', where text should stand.")]
    [InlineData(DatasetFormat.MccKd, """[{"instruction":"Q?","output":5,"label":"1"}]""", "record 1: has a number in the field 'output', where a list should stand.")]
    [InlineData(DatasetFormat.MccKd, """[{"instruction":"Q? Answer Choices:\nA. x\nA. y","label":"A"}]""", "record 1: has the choice 'A' twice.")]
    [InlineData(DatasetFormat.MccKd, """[{"instruction":"Q? Answer Choices:\n","label":"A"}]""", "record 1: has 0 choices;")]
    [InlineData(DatasetFormat.MccKd, """[{"instruction":"Answer Choices:\nA. x\nB. y","label":"A"}]""", "record 1: has choices but no question in the field 'instruction'.")]
    [InlineData(DatasetFormat.Asdiv, "<a><Problem ID=\"n\"><Body>B</Body><Question>Q</Question></Problem></a>", "problem n, line 1: lacks the element 'Answer'.")]
    [InlineData(DatasetFormat.Asdiv, "<a><Problem ID=\"n\"><Body>B</Body><Question>Q</Question><Answer>(apples)</Answer></Problem></a>", "has the answer '(apples)', which is a unit only.")]
    [InlineData(DatasetFormat.Asdiv, "<a>\n<Problem><Body>B</Body><Question>Q</Question><Answer>1</Answer></Problem></a>", "problem without ID, line 2: lacks the attribute 'ID'.")]
    [InlineData(DatasetFormat.Asdiv, "<a><Problem ID=\"n\">", "line 1, column 20: no XML")]
    [InlineData(DatasetFormat.Asdiv, "<a/>", "holds no question.")]
    [InlineData(DatasetFormat.Asdiv, "", "no XML")]
    [InlineData(DatasetFormat.Asdiv, "<!DOCTYPE a [<!ENTITY x \"y\">]><a><Problem ID=\"n\"><Body>&x;</Body></Problem></a>", "no XML (For security reasons DTD is prohibited")]
    [InlineData(DatasetFormat.Asdiv, "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "no XML (For security reasons DTD is prohibited")]
    public void A_bad_record_is_named_with_its_file_and_place(DatasetFormat format, string content, string expected)
    {
        var path = _files.Write("bad.data", content);
        var message = DataFiles.FaultOf(format, path);
        Assert.StartsWith($"The data set cannot be used: {path}", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DatasetFormat.JsonLines)]
    [InlineData(DatasetFormat.MccKd)]
    [InlineData(DatasetFormat.Asdiv)]
    public void A_missing_file_and_a_folder_are_named(DatasetFormat format)
    {
        Assert.Contains(_files.PathOf("none") + ": cannot be read", DataFiles.FaultOf(format, _files.PathOf("none")), StringComparison.Ordinal);
        Assert.Contains(_files.PathOf(string.Empty) + ": cannot be read", DataFiles.FaultOf(format, _files.PathOf(string.Empty)), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_named()
    {
        var path = _files.Write("latin1.jsonl", [.. "{\"question\":\"caf"u8, 0xE9, .. "?\",\"answer\":\"1\"}"u8]);
        Assert.Equal($"The data set cannot be used: {path}: holds the bytes E9, which are no UTF-8. Save the file as UTF-8.", DataFiles.FaultOf(DatasetFormat.JsonLines, path));
    }

    [Theory]
    [InlineData(DatasetFormat.JsonLines, "[", "]")]
    [InlineData(DatasetFormat.Svamp, "[", "]")]
    [InlineData(DatasetFormat.MccKd, "{\"a\":", "}")]
    [InlineData(DatasetFormat.Asdiv, "<a>", "</a>")]
    public void Huge_nesting_is_an_error_like_any_other(DatasetFormat format, string open, string close)
    {
        var path = _files.Write("deep.data", string.Concat(Enumerable.Repeat(open, 50_000)) + "1" + string.Concat(Enumerable.Repeat(close, 50_000)));
        Assert.StartsWith($"The data set cannot be used: {path}", DataFiles.FaultOf(format, path), StringComparison.Ordinal);
    }
}

using Kpod.Datasets.Formats;
using Kpod.Testing;

namespace Kpod.Tests.Datasets;

public sealed class PublicFormatTests : IDisposable
{
    private readonly DataFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("openai_gsm8k_train.jsonl", DatasetFormat.Gsm8k, 7473, 7473)]
    [InlineData("openai_gsm8k_test.jsonl", DatasetFormat.Gsm8k, 1319, 1319)]
    [InlineData("SVAMP.json", DatasetFormat.Svamp, 1000, 0)]
    [InlineData("ASDiv.xml", DatasetFormat.Asdiv, 2305, 0)]
    [InlineData("csqa_train_rand_split.jsonl", DatasetFormat.CommonsenseQa, 9741, 0)]
    [InlineData("csqa_dev_rand_split.jsonl", DatasetFormat.CommonsenseQa, 1221, 0)]
    [InlineData("mcc_SVAMP_train.json", DatasetFormat.MccKd, 700, 7000)]
    [InlineData("mcc_SVAMP_dev.json", DatasetFormat.MccKd, 150, 0)]
    [InlineData("mcc_SVAMP_test.json", DatasetFormat.MccKd, 150, 0)]
    [InlineData("mcc_ASDiv_dev.json", DatasetFormat.MccKd, 313, 0)]
    [InlineData("mcc_ASDiv_test.json", DatasetFormat.MccKd, 314, 0)]
    [InlineData("mcc_CSQA_dev.json", DatasetFormat.MccKd, 1221, 0)]
    [InlineData("mcc_CSQA_test.json", DatasetFormat.MccKd, 1221, 0)]
    [InlineData("mcc_GSM8K_dev.json", DatasetFormat.MccKd, 660, 660)]
    [InlineData("mcc_GSM8K_test.json", DatasetFormat.MccKd, 659, 659)]
    public void A_whole_public_file_is_read_to_its_last_record(string name, DatasetFormat format, int questions, int rationales)
    {
        var set = DataFiles.Load(format, _files.Unpack(name));
        Assert.Equal(questions, set.Train.Count);
        Assert.Equal(rationales, set.Recorded.Values.Sum(list => list.Count));
        Assert.All(set.Train, question => Assert.False(string.IsNullOrWhiteSpace(question.Text) || string.IsNullOrWhiteSpace(question.Answer)));
        Assert.Equal(name.Contains("CSQA", StringComparison.OrdinalIgnoreCase), set.Train[0].Choices is { Count: 5 });
    }

    [Theory]
    [InlineData("gsm8k.train.jsonl", DatasetFormat.Gsm8k)]
    [InlineData("SVAMP.json", DatasetFormat.Svamp)]
    [InlineData("ASDiv.xml", DatasetFormat.Asdiv)]
    [InlineData("csqa.train_rand_split.jsonl", DatasetFormat.CommonsenseQa)]
    [InlineData("csqa.dev_rand_split.jsonl", DatasetFormat.CommonsenseQa)]
    [InlineData("mcckd.ASDiv.test.json", DatasetFormat.MccKd)]
    [InlineData("mcckd.CSQA.test.json", DatasetFormat.MccKd)]
    [InlineData("mcckd.GSM8K.test.json", DatasetFormat.MccKd)]
    [InlineData("mcckd.SVAMP.test.json", DatasetFormat.MccKd)]
    [InlineData("mcckd.SVAMP.train.json", DatasetFormat.MccKd)]
    public void A_sample_of_each_public_format_has_its_twenty_records(string name, DatasetFormat format) =>
        Assert.Equal(20, DataFiles.Load(format, SharedFolder.PathOf("data", "original-samples", name)).Train.Count);

    [Theory]
    [InlineData("svamp", 700, 150, 150, 6862)]
    [InlineData("asdiv", 1462, 313, 314, 4980)]
    [InlineData("gsm8k", 7473, 660, 659, 500)]
    [InlineData("csqa", 8520, 1221, 1221, 17040)]
    public void The_papers_four_splits_have_its_sizes_and_share_no_question(string name, int train, int validation, int test, int rationales)
    {
        var set = DataFiles.Load(DatasetFormat.JsonLines, SharedFolder.PathOf("data", name, "train.jsonl"), SharedFolder.PathOf("data", name, "validation.jsonl"), SharedFolder.PathOf("data", name, "test.jsonl"));
        Assert.Equal((train, validation, test, rationales), (set.Train.Count, set.Validation.Count, set.Test.Count, set.Recorded.Values.Sum(list => list.Count)));
    }

    [Theory]
    [InlineData("svamp", "SVAMP.json", DatasetFormat.Svamp, 1000)]
    [InlineData("asdiv", "ASDiv.xml", DatasetFormat.Asdiv, 2089, "nluds-0167=February 3rd", "nluds-0189=6th", "nluds-0195=1st", "nluds-0868=The 60th caller.", "nluds-1709=Vendor 2")]
    public void A_public_file_gives_the_questions_and_answers_of_the_papers_splits(string name, string original, DatasetFormat format, int questions, params string[] wordedAnswers)
    {
        var published = DataFiles.Load(format, _files.Unpack(original)).Train.ToDictionary(question => question.Id);
        var split = DataFiles.Load(DatasetFormat.JsonLines, SharedFolder.PathOf("data", name, "train.jsonl"), SharedFolder.PathOf("data", name, "validation.jsonl"), SharedFolder.PathOf("data", name, "test.jsonl"));
        var all = split.Splits.SelectMany(part => part.Questions).ToArray();
        Assert.Equal(questions, all.Length);
        Assert.All(all, question => Assert.Equal(Squeezed(question.Text), Squeezed(published[question.Id].Text)));

        // The splits have the number of an answer that the original puts in words.
        Assert.Equal(wordedAnswers, all.Where(question => question.Answer != published[question.Id].Answer).Select(question => $"{question.Id}={published[question.Id].Answer}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Commonsense_questions_without_answers_are_refused_by_the_name_of_what_they_lack()
    {
        var message = DataFiles.FaultOf(DatasetFormat.CommonsenseQa, SharedFolder.PathOf("data", "original-samples", "csqa.test_rand_split_no_answers.jsonl"));
        Assert.Contains("csqa.test_rand_split_no_answers.jsonl, line 1: lacks the field 'answerKey', so it has no answer. The official test file comes without answers", message, StringComparison.Ordinal);
        Assert.Contains("the rest of the file was not read", message, StringComparison.Ordinal);
        Assert.Equal(20, message.Split("lacks the field 'answerKey'").Length - 1);
    }

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

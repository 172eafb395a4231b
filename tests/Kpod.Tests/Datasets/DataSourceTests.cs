using System.IO.Compression;
using System.Text;
using Kpod.Datasets;
using Kpod.Recipes;
using Kpod.Testing;
using Parquet.Serialization;

namespace Kpod.Tests.Datasets;

/// <summary>Data as it lies around: kinds of files, packed or not, one or several a split.</summary>
public sealed class DataSourceTests : IDisposable
{
    private const string Two = """
        {"question":"One?","answer":"1"}
        {"question":"Two?","answer":"2"}
        """;

    private readonly DataFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("a.jsonl", Two)]
    [InlineData("a.json", Two)]
    [InlineData("a.json", """[{"question":"One?","answer":"1"},{"question":"Two?","answer":"2"}]""")]
    [InlineData("a.jsonl", "[\n  {\n    \"question\": \"One?\",\n    \"answer\": \"1\"\n  },\n  {\"question\":\"Two?\",\"answer\":\"2\"}\n]\n")]
    [InlineData("a.json", "{\"version\": \"1 ] } \\\" \",\n \"splits\": [1, 2],\n \"data\": [ {\"question\":\"One?\",\"answer\":\"1\"},\n{\"question\":\"Two?\",\"answer\":\"2\"}], \"more\": {\"a\": [3]}}")]
    [InlineData("a.json", """{"data":[{"question":"One?","answer":"1"},{"question":"Two?","answer":"2"}],"n":2}""")]
    [InlineData("a.csv", "question,answer\nOne?,1\nTwo?,2\n")]
    [InlineData("a.csv", "question;answer\r\n\"One?\";1\r\nTwo?;2\r\n")]
    [InlineData("a.tsv", "question\tanswer\nOne?\t1\nTwo?\t2\n")]
    public void Every_kind_of_text_file_is_read_packed_or_not(string name, string content)
    {
        AssertTwo(Load(_files.Write(name, content)));
        AssertTwo(Load(_files.Write(name + ".gz", Packed(Encoding.UTF8.GetBytes(content)))));
    }

    [Fact]
    public void Cells_with_quotes_separators_and_line_breaks_are_read_whole()
    {
        var set = Load(_files.Write("a.csv", "\uFEFFid,question,answer,rationale,choices\nx,\"He said \"\"How,\nmany?\"\"\",7,\"3 + 4 = 7.\",\ny,Which?,B,,\"[\"\"cat\"\", \"\"dog\"\"]\"\n\n"));
        Assert.Equal(["He said \"How,\nmany?\"", "Which?"], set.Train.Select(question => question.Text));
        Assert.Equal("3 + 4 = 7.", set.Recorded["x"].Single().Text);
        Assert.Equal(["cat", "dog"], set.Train[1].Choices!.Values);
    }

    [Theory]
    [InlineData("question,answer\nOne?,1,2\n", "a.csv, row 2: has 3 cells, but the row of names has 2.")]
    [InlineData("question,question\nOne?,1\n", "a.csv, row 1: names the column 'question' twice.")]
    [InlineData("frage,antwort\nOne?,1\n", "a.csv: has records of no known format, with the fields frage, antwort.")]
    [InlineData("problem,solution\nOne?,1\n", "dataset.columns: { question: problem, rationale: solution }")]
    [InlineData("", "holds no question.")]
    public void A_faulty_table_is_named(string content, string expected) => Assert.Contains(expected, FaultOf(_files.Write("a.csv", content)), StringComparison.Ordinal);

    [Fact]
    public async Task Columns_of_a_parquet_file_are_read_nested_ones_too()
    {
        var path = _files.PathOf("a.parquet");
        ParquetRow[] rows =
        [
            new() { question = "Which is even?", choices = new ParquetChoices { label = ["A", "B", "C"], text = ["3", "4", "5"] }, answerKey = "B", notes = ["x"] },
            new() { question = "Which is odd?", choices = new ParquetChoices { label = ["A", "B"], text = ["3", "4"] }, answerKey = "A" },
        ];
        await using (var stream = File.Create(path))
        {
            await ParquetSerializer.SerializeAsync(rows, stream, cancellationToken: TestContext.Current.CancellationToken);
        }

        foreach (var file in new[] { path, _files.Write("b.parquet.gz", Packed(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))) })
        {
            var set = Load(file);
            Assert.Equal(["B", "A"], set.Train.Select(question => question.Answer));
            Assert.Equal(["3", "4", "5"], set.Train[0].Choices!.Values);
            Assert.Single(Load(file, limit: 1).Train);
        }
    }

    [Fact]
    public void A_damaged_parquet_file_is_named() =>
        Assert.Contains("a.parquet: is no Parquet file that can be read", FaultOf(_files.Write("a.parquet", "PAR1 and nothing else PAR1")), StringComparison.Ordinal);

    [Fact]
    public void A_folder_and_a_list_are_one_split()
    {
        Directory.CreateDirectory(_files.PathOf("parts"));
        var second = _files.Write("parts/part-2.jsonl", """{"question":"Two?","answer":"2"}""");
        var first = _files.Write("parts/part-1.csv", "question,answer\nOne?,1\n");
        _files.Write("parts/README.md", "no data");
        var folder = QuestionSet.Load(new DatasetOptions { Train = _files.PathOf("parts") });
        Assert.Equal(["One?", "Two?"], folder.Train.Select(question => question.Text));
        Assert.Equal(["train-00000", "train-00001"], folder.Train.Select(question => question.Id));
        Assert.Equal(["Two?", "One?"], QuestionSet.Load(new DatasetOptions { Train = DataPaths.Of([second, first]) }).Train.Select(question => question.Text));
    }

    [Fact]
    public void Of_a_folder_with_several_splits_each_takes_its_own_files()
    {
        Directory.CreateDirectory(_files.PathOf("set"));
        _files.Write("set/train-00000-of-00001.jsonl", """{"question":"One?","answer":"1"}""");
        _files.Write("set/test-00000-of-00001.jsonl", """{"question":"Two?","answer":"2"}""");
        var set = QuestionSet.Load(new DatasetOptions { Train = _files.PathOf("set"), Test = _files.PathOf("set") });
        Assert.Equal(("One?", "Two?"), (set.Train.Single().Text, set.Test.Single().Text));
        var fault = Assert.Throws<KpodException>(() => QuestionSet.Load(new DatasetOptions { Train = _files.PathOf("set"), Validation = _files.PathOf("set") }));
        Assert.Contains("none that is named after validation", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_reads_no_further_than_it_needs()
    {
        var broken = Load(_files.Write("a.jsonl", Two + "\nthis is no JSON\n"), limit: 2);
        Assert.Equal(2, broken.Train.Count);
        Assert.Equal(2, Load(_files.Write("a.json", "[" + Two.Replace("\n", ",\n", StringComparison.Ordinal) + ", and no end"), limit: 2).Train.Count);
    }

    [Fact]
    public void A_bomb_is_refused_before_it_fills_the_memory()
    {
        // 64 MiB of one line in 64 KiB; a line may have 16 Mi characters.
        var path = _files.Write("bomb.jsonl.gz", Packed([.. "{\"question\":\""u8, .. Enumerable.Repeat((byte)'a', 1 << 26)]));
        Assert.True(new FileInfo(path).Length < 1 << 18);
        Assert.Contains("bomb.jsonl.gz, line 1: has a record of more than 16777216 characters", FaultOf(path), StringComparison.Ordinal);
        var list = _files.Write("bomb.json.gz", Packed([.. "[{\"question\":\""u8, .. Enumerable.Repeat((byte)'a', 1 << 25)]));
        Assert.Contains("has a record of more than 16777216 characters", FaultOf(list), StringComparison.Ordinal);
        var table = _files.Write("bomb.csv.gz", Packed([.. "question,answer\n\""u8, .. Enumerable.Repeat((byte)'a', 1 << 25)]));
        Assert.Contains("is longer than the 16777216 characters", FaultOf(table), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4, 0 }, "is a zip archive, which is not read. Unpack it, or pack it with gzip.")]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0, 1, 2 }, "a.jsonl")]
    public void Other_packings_and_damaged_ones_are_named(byte[] content, string expected) => Assert.Contains(expected, FaultOf(_files.Write("a.jsonl", content)), StringComparison.Ordinal);

    [Fact]
    public void The_shared_case_of_a_packed_file_is_read()
    {
        var set = QuestionSet.Load(new DatasetOptions { Train = SharedFolder.PathOf("cases", "11-packed-file", "train.jsonl.gz") });
        Assert.Equal(("How much is 3 + 4?", "7"), (set.Train[0].Text, set.Train[0].Answer));
        Assert.Contains("read as gsm8k", Assert.Single(set.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_shared_case_of_a_parquet_file_of_a_few_bytes_is_refused_as_what_it_is() =>
        Assert.Contains("train.parquet: is no Parquet file that can be read", FaultOf(SharedFolder.PathOf("cases", "11-packed-file", "train.parquet")), StringComparison.Ordinal);

    private static void AssertTwo(QuestionSet set)
    {
        Assert.Equal(["One?", "Two?"], set.Train.Select(question => question.Text));
        Assert.Equal(["1", "2"], set.Train.Select(question => question.Answer));
    }

    private static byte[] Packed(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static QuestionSet Load(string path, int? limit = null) => QuestionSet.Load(new DatasetOptions { Train = path, Limit = limit });

    private static string FaultOf(string path) => Assert.Throws<KpodException>(() => Load(path)).Message;
}

using System.Text;
using Kpod.ProgressiveSchedule.Clusters;
using Kpod.Testing;

namespace Kpod.Tests.ProgressiveSchedule.Clusters;

public sealed class WordVectorFileTests
{
    [Fact]
    public void Wanted_words_are_read_and_others_passed_over_unseen()
    {
        var vectors = Read("the 0.5 -1 2e-3\r\n, x y z\ncafé 1 2 3\nthe 9 9 9\n\nlast 4 5 6", "the", "café", "last", "absent");
        Assert.Equal(["café", "last", "the"], vectors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([0.5f, -1, 0.002f], vectors["the"]);
        Assert.Equal([1f, 2, 3], vectors["café"]);
        Assert.Equal([4f, 5, 6], vectors["last"]);
    }

    [Fact]
    public void Words_may_hold_spaces_and_a_line_of_counts_may_come_first()
    {
        var vectors = Read("2 3\nfirst 1 2 3\n. . . 4 5 6\nat name@domain.com 7 8 9\n", "first", ". . .", "at name@domain.com");
        Assert.Equal(3, vectors.Count);
        Assert.Equal([4f, 5, 6], vectors[". . ."]);
    }

    [Fact]
    public void Lines_are_whole_wherever_the_blocks_end()
    {
        var text = new StringBuilder();
        var random = new Random(1);
        for (var line = 0; line < 40_000; line++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"w{line}{new string('x', random.Next(60))} {line} {-line} 0.25\n");
        }

        var words = text.ToString().Split('\n').Where((_, line) => line % 1000 == 7 && line < 40_000).Select(line => line.Split(' ')[0]).ToArray();
        var vectors = Read(text.ToString(), words);
        Assert.Equal(40, vectors.Count);
        Assert.All(vectors, entry => Assert.Equal($"w{entry.Value[0]}", entry.Key.TrimEnd('x')));
    }

    [Theory]
    [InlineData("the 1 2 3\nof 1 2\n", "line 2: 2 numbers where the lines before have 3. The file is damaged or cut off.")]
    [InlineData("the 1 2 3\nof 1 zwei 3\n", "line 2: number 2 is \"zwei\", which is no finite number.")]
    [InlineData("of 1 NaN 3\n", "line 1: number 2 is \"NaN\", which is no finite number.")]
    [InlineData("of 1 1e99 3\n", "line 1: number 2 is \"1e99\", which is no finite number.")]
    [InlineData("{\"json\":true}\n", "line 1: 0 numbers behind a word; a file of word vectors has 1 to 4096, parted by single spaces.")]
    public void A_faulty_line_is_named(string text, string message) =>
        Assert.EndsWith(message, Assert.Throws<KpodException>(() => Read(text, "of")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_without_line_ends_is_not_taken_into_memory()
    {
        var exception = Assert.Throws<KpodException>(() => Read(new string('x', 3 << 20), "of"));
        Assert.EndsWith("line 1: longer than 1048576 bytes, so this is no file of word vectors.", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<KpodException>(() => Read(string.Join(' ', Enumerable.Repeat("1", 5000)), "of"));
        Assert.Contains("4999 numbers behind a word", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_has_no_words_and_a_missing_one_is_named()
    {
        Assert.Empty(Read(string.Empty, "of"));
        var words = new HashSet<string>();
        var exception = Assert.Throws<KpodException>(() => WordVectorFile.Read("/nowhere/vectors.txt", words, TestContext.Current.CancellationToken));
        Assert.StartsWith("/nowhere/vectors.txt: cannot be read", exception.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, float[]> Read(string text, params string[] words)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("vectors.txt"), text);
        return WordVectorFile.Read(folder.PathOf("vectors.txt"), words.ToHashSet(), TestContext.Current.CancellationToken);
    }
}

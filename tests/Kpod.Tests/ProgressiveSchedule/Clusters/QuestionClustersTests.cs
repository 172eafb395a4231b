using System.Text.Json;
using Kpod.LanguageModels.Checkpoints;
using Kpod.LanguageModels.Testing;
using Kpod.ProgressiveSchedule;
using Kpod.ProgressiveSchedule.Clusters;
using Kpod.RationaleGeneration.Rationales;
using Kpod.Testing;
using Kpod.Tokenizers;
using Kpod.Tokenizers.Tokens;
using TorchSharp;

namespace Kpod.Tests.ProgressiveSchedule.Clusters;

public sealed class QuestionClustersTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public void Clusters_that_lie_apart_are_found_whole()
    {
        var random = new Random(1);
        float[][] points = [.. Enumerable.Range(0, 400).Select(point => Near(random, centre: point * 7 % 5, width: 24))];
        var clusters = QuestionClusters.Find(points, 5, seed: 3, Cancel);
        Assert.Equal(5, clusters.Distinct().Count());
        Assert.All(Enumerable.Range(0, 400), point => Assert.Equal(clusters[point % 5], clusters[point]));
        Assert.Equal([0, 1, 2, 3, 4], clusters.Distinct());
    }

    [Fact]
    public void The_same_seed_gives_the_same_clusters_though_restarts_run_side_by_side()
    {
        var random = new Random(2);
        float[][] points = [.. Enumerable.Range(0, 700).Select(_ => Enumerable.Range(0, 17).Select(_ => random.NextSingle()).ToArray())];
        var expected = QuestionClusters.Find(points, 6, seed: 3, Cancel);
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(expected, QuestionClusters.Find(points, 6, seed: 3, Cancel)));
        Assert.NotEqual(expected, QuestionClusters.Find(points, 6, seed: 4, Cancel));
    }

    [Fact]
    public void Every_point_is_nearest_to_the_mean_of_its_own_cluster()
    {
        var random = new Random(5);
        float[][] points = [.. Enumerable.Range(0, 300).Select(_ => new[] { random.NextSingle(), random.NextSingle() })];
        var clusters = QuestionClusters.Find(points, 4, seed: 1, Cancel);
        double[][] centres = [.. Enumerable.Range(0, 4).Select(cluster => Mean(points.Where((_, point) => clusters[point] == cluster)))];
        Assert.All(points.Select((point, index) => (point, index)), entry =>
            Assert.True(Distance(entry.point, centres[clusters[entry.index]]) <= centres.Min(centre => Distance(entry.point, centre)) + 1e-6));
    }

    [Fact]
    public void Fewer_different_points_than_clusters_give_fewer_clusters()
    {
        float[][] points = [[1, 1], [2, 2], [1, 1], [1, 1], [2, 2]];
        Assert.Equal([0, 1, 0, 0, 1], QuestionClusters.Find(points, 5, seed: 1, Cancel));
        Assert.Equal([0], QuestionClusters.Find([[3]], 5, seed: 1, Cancel));
        Assert.Equal([0, 0, 0], QuestionClusters.Find([[1], [5], [9]], 1, seed: 1, Cancel));
        Assert.Empty(QuestionClusters.Find([], 5, seed: 1, Cancel));
    }

    [Fact]
    public void Rationales_of_a_question_share_its_cluster_and_a_question_counts_once()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("vectors.txt"), "apple 1 0\npear 1 0.1\ntrain -1 0\nbus -1 0.1\n");
        var options = new ScheduleOptions { Clusters = 2, WordVectors = folder.PathOf("vectors.txt") };
        EncodedRationale[] rationales =
        [
            Rationale("a", 0, "Apple?"),
            Rationale("t", 0, "A train, a bus"),
            Rationale("a", 1, "Apple?"),
            Rationale("p", 0, "pear"),
            Rationale("t", 5, "A train, a bus"),
        ];
        Assert.Equal([0, 1, 0, 0, 1], QuestionClusters.Find(rationales, options.Clusters, options.WordVectors, NoStudent, 1, Cancel));

        static Checkpoint NoStudent() => throw new InvalidOperationException("the student is not needed");
    }

    [Fact]
    public void Without_word_vectors_the_student_s_input_embedding_serves()
    {
        using var scope = torch.NewDisposeScope();
        using var reference = new ReferenceModel("llama-gqa-tied");
        var student = new Checkpoint(reference.Model, new LetterTokenizer(), "tiny", [2]);
        var vector = Assert.Single(QuestionVectors.FromInputEmbedding(student, ["ad"], Cancel));
        var expected = (reference.Model.InputEmbedding[10] + reference.Model.InputEmbedding[13]).div(2).data<float>().ToArray();
        Assert.Equal(expected, vector);
        Assert.All(QuestionVectors.FromInputEmbedding(student, [""], Cancel)[0], number => Assert.Equal(0, number));
        EncodedRationale[] rationales = [Rationale("1", 0, "aaab"), Rationale("2", 0, "xyxy"), Rationale("3", 0, "aaba"), Rationale("4", 0, "yxyx")];
        Assert.Equal([0, 1, 0, 1], QuestionClusters.Find(rationales, 2, null, () => student, 1, Cancel));
    }

    [Fact]
    public void A_question_is_the_mean_of_its_known_words()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("vectors.txt"), "tom 1 2\n's 3 0\ndo 0 1\nn't 8 8\n3.50 0.5 -1e-1\n");
        var vectors = QuestionVectors.FromWordVectors(folder.PathOf("vectors.txt"), ["Tom's 3.50", "Tom TOM don't!", "unknown"], Cancel);
        Assert.Equal([4.5f / 3, 1.9f / 3], vectors[0]);
        Assert.Equal([2.5f, 3.25f], vectors[1]);
        Assert.Equal([0f, 0], vectors[2]);
    }

    [Fact]
    public void Word_vectors_without_a_single_word_of_the_questions_are_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("vectors.txt"), "TOM 1 2\n");
        var exception = Assert.Throws<KpodException>(() => QuestionVectors.FromWordVectors(folder.PathOf("vectors.txt"), ["Tom eats", "tom"], Cancel));
        Assert.EndsWith(
            "none of the questions' 2 different words stands in this file. It needs lower-case words of the questions' language.",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Real_questions_are_known_to_real_word_vectors()
    {
        var path = SharedFolder.PathOf("data", "glove", "glove.6B.50d.subset.txt");
        string[] questions = [.. File.ReadLines(SharedFolder.PathOf("data", "svamp", "train.jsonl"))
            .Select(line => JsonElement.Parse(line).GetProperty("question").GetString()!)];
        var vectors = QuestionVectors.FromWordVectors(path, questions, Cancel);
        Assert.All(vectors, vector => Assert.True(vector.Length == 50 && vector.Any(number => number != 0)));
        var clusters = QuestionClusters.Find(vectors, 5, seed: 1, Cancel);
        var sizes = clusters.CountBy(cluster => cluster).OrderBy(entry => entry.Key).Select(entry => entry.Value).ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine($"{questions.Length} questions in clusters of {string.Join(", ", sizes)}");
        Assert.True(sizes.Length == 5 && sizes.Min() > 10);
    }

    private static EncodedRationale Rationale(string question, int sample, string text) => new()
    {
        QuestionId = question,
        Sample = sample,
        QuestionText = text,
        Text = "x.",
        PromptIds = [1],
        RationaleTokens = [new Token(1, 0, 2)],
        AnswerIds = [1],
        AnswerValueStart = 0,
        AnswerValueEnd = 1,
    };

    private static float[] Near(Random random, int centre, int width) =>
        [.. Enumerable.Range(0, width).Select(column => (column % 5 == centre ? 3f : 0) + random.NextSingle())];

    private static double[] Mean(IEnumerable<float[]> points) => [points.Average(point => point[0]), points.Average(point => point[1])];

    private static double Distance(float[] point, double[] centre) => Math.Sqrt(Math.Pow(point[0] - centre[0], 2) + Math.Pow(point[1] - centre[1], 2));

    /// <summary>A letter a token: "a" is 10.</summary>
    private sealed class LetterTokenizer : ITokenizer
    {
        public int VocabularySize => 40;

        public int? BeginId => null;

        public int? EndId => null;

        public int? PadId => null;

        public int? UnknownId => null;

        public bool AddsBegin => false;

        public IReadOnlyList<Token> Encode(string text, bool recogniseSpecialTokens = false) =>
            [.. text.Select((letter, index) => new Token(letter - 'a' + 10, index, index + 1))];

        public string Decode(IReadOnlyList<int> ids) => string.Concat(ids.Select(Piece));

        public string Piece(int id) => ((char)('a' + id - 10)).ToString();
    }
}

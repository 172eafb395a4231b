using Kpod.Files;
using Kpod.Testing;

namespace Kpod.Basics.Tests.Files;

public sealed class JsonArtefactTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_null_is_not_written_and_is_read_back_as_null()
    {
        var path = _folder.PathOf("diagnosis.json");
        Course[] course = [new(20, 2.5, 0.9, [0.8, 0.9, 0.95], AveragedMeanWeight: null), new(40, 2.4, 0.5, [0.1], 0.45)];
        JsonArtefact.Write(path, course);
        Assert.Equal(1, File.ReadAllText(path).Split("averagedMeanWeight").Length - 1);
        var read = JsonArtefact.Read<Course[]>(path);
        Assert.Equal([null, 0.45], read.Select(point => point.AveragedMeanWeight));
        Assert.Equal([0.8, 0.9, 0.95], read[0].Quantiles);

        var first = new Point(0, 4.4, 0.5, 5.2, TrainingLoss: null);
        JsonArtefact.Write(path, first);
        Assert.Equal(first, JsonArtefact.Read<Point>(path));
    }

    [Theory]
    [InlineData("{\"step\":1,\"heldOutWithout\":1,\"heldOutWith\":1}", "trainingWithout")]
    [InlineData("{\"step\":1,\"heldOutWithout\":1,\"heldOutWith\":1,\"trainingWithout\":null}", "trainingWithout")]
    [InlineData("{\"step\":1,\"heldOutWithout\":1,\"heldOutWith\":1,\"trainingWithout\":1,\"more\":1}", "more")]
    [InlineData("{\"step\":1", "diagnosis.json")]
    public void What_must_be_there_is_missed_by_name(string json, string expected)
    {
        var path = _folder.PathOf("diagnosis.json");
        File.WriteAllText(path, json);
        var message = Assert.Throws<KpodException>(() => JsonArtefact.Read<Point>(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private sealed record Course(int Step, double Loss, double MeanWeight, double[] Quantiles, double? AveragedMeanWeight);

    private sealed record Point(int Step, double HeldOutWithout, double HeldOutWith, double TrainingWithout, double? TrainingLoss);
}

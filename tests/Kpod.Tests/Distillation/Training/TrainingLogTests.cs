using Kpod.Distillation.Training;
using Kpod.Files;
using Kpod.Testing;

namespace Kpod.Tests.Distillation.Training;

public sealed class TrainingLogTests
{
    [Fact]
    public void A_log_is_cut_back_to_the_saved_step_and_a_torn_line_is_dropped()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("training-log.jsonl");
        using (var log = TrainingLog.Open(path, 0))
        {
            for (var step = 1; step <= 5; step++)
            {
                log.Append(Point(step));
            }
        }

        File.AppendAllText(path, "{\"step\":6,\"epo");
        using (var log = TrainingLog.Open(path, 3))
        {
            log.Append(Point(4));
        }

        Assert.Equal([1L, 2, 3, 4], JsonArtefact.ReadLines<TrainingLogPoint>(path).Select(point => point.Step));
    }

    private static TrainingLogPoint Point(long step) => new(step, 1, 1, 0.5, 10, 0, 1e-3, 1, 0.01);
}

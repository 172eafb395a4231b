using System.Text;
using Kpod.Files;

namespace Kpod.Distillation.Training;

/// <summary>The training log on disk: one line an optimizer step, appended as it happens; cut back to the saved state when a training resumes.</summary>
public sealed class TrainingLog : IDisposable
{
    private readonly FileStream _stream;

    private TrainingLog(FileStream stream)
    {
        _stream = stream;
    }

    /// <summary>Opens the log and keeps its lines up to a step.</summary>
    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="step">The saved state's step; later lines, and a line that a kill cut short, are dropped.</param>
    /// <returns>The log, ready for the next step.</returns>
    public static TrainingLog Open(string path, long step)
    {
        var kept = File.Exists(path) ? Read(path, step) : [];
        JsonArtefact.WriteLines(path, kept);
        return new TrainingLog(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
    }

    /// <summary>Adds a step.</summary>
    /// <param name="point">Its figures.</param>
    /// <exception cref="KpodException">The disk refuses.</exception>
    public void Append(TrainingLogPoint point)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(JsonArtefact.ToLine(point) + "\n"));
            _stream.Flush();
        }
        catch (IOException exception)
        {
            throw new WorkFailedException($"{_stream.Name}: could not be written ({exception.Message}) The last saved state is intact; make room and run the same command again.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static List<TrainingLogPoint> Read(string path, long step)
    {
        var points = new List<TrainingLogPoint>();
        foreach (var line in JsonArtefact.ReadText(path).Split('\n').SkipLast(1))
        {
            var point = System.Text.Json.JsonSerializer.Deserialize<TrainingLogPoint>(line, JsonArtefact.LineOptions);
            if (point is null || point.Step > step)
            {
                break;
            }

            points.Add(point);
        }

        return points;
    }
}

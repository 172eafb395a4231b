using System.Globalization;
using Kpod.Files;
using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.RationaleGeneration.Teachers.Clients;

namespace Kpod.RationaleGeneration.Teachers.Batches;

/// <summary>Writes requests as lines of OpenAI's batch format into as many files as its limits ask for.</summary>
internal sealed class BatchWriter
{
    private readonly string _folder;
    private readonly string _limitKey;
    private readonly BatchOptions _options;

    /// <summary>Writes into a folder.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="limitKey">What the server calls the most tokens.</param>
    /// <param name="options">The limits of a file.</param>
    public BatchWriter(string folder, string limitKey, BatchOptions options)
    {
        _folder = folder;
        _limitKey = limitKey;
        _options = options;
    }

    /// <summary>Writes the requests.</summary>
    /// <param name="requests">In order.</param>
    /// <returns>The files.</returns>
    public IReadOnlyList<string> Write(IEnumerable<TeacherRequest> requests)
    {
        var files = new List<string>();
        using var lines = requests.Select(Line).GetEnumerator();
        var hasLine = lines.MoveNext();
        while (hasLine)
        {
            var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"requests-{files.Count + 1:0000}.jsonl"));
            AtomicFile.Write(path, stream =>
            {
                var (count, bytes) = (0, 0L);
                while (hasLine && count < _options.MaximumRequests && bytes + lines.Current.Length <= _options.MaximumBytes)
                {
                    stream.Write(lines.Current);
                    count++;
                    bytes += lines.Current.Length;
                    hasLine = lines.MoveNext();
                }
            });
            files.Add(path);
        }

        return files;
    }

    private byte[] Line(TeacherRequest request)
    {
        byte[] line = [.. System.Text.Encoding.UTF8.GetBytes($$"""{"custom_id":"{{request.Hash}}","method":"POST","url":"/v1/chat/completions","body":"""), .. ChatCompletionBody.Write(request, _limitKey), (byte)'}', (byte)'\n'];
        return line.Length <= _options.MaximumBytes ? line
            : throw new KpodException($"the request {request.Hash} takes {line.Length} bytes, more than a batch file may have ({_options.MaximumBytes}); raise --batch-bytes if the server takes larger files, or shorten the examples of the prompt.");
    }
}

using Kpod.RationaleGeneration.Teachers.Clients;
using Kpod.RationaleGeneration.Teachers.Store;
using Microsoft.Extensions.AI;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>A teacher and its store, opened as options say, and ready to be asked.</summary>
public sealed class TeacherSession : IDisposable
{
    private readonly IChatClient? _client;
    private readonly TeacherStore _store;

    private TeacherSession(IChatClient? client, TeacherStore store, RationaleGenerator generator)
    {
        _client = client;
        _store = store;
        Generator = generator;
    }

    /// <summary>Asks the teacher.</summary>
    public RationaleGenerator Generator { get; }

    /// <summary>Opens teacher and store; nothing is sent yet.</summary>
    /// <param name="options">Who is asked, and how; checked already.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="asks">Whether the teacher is to be asked; else the store is opened to read only, if it is there, and an estimate is all that can be had.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told after every sample; null for nobody.</param>
    /// <returns>The session; the caller disposes of it.</returns>
    /// <exception cref="KpodException">A key is missing, the endpoint is no address, or the store, the examples, the prices or the checkpoint cannot be used.</exception>
    public static TeacherSession Open(
        TeacherOptions options, long seed, bool asks, Func<string, string?> environment, TimeProvider time, IProgress<Runs.StageProgress>? progress = null)
    {
        var model = ModelOf(options);
        var isLive = asks && !options.Replay;
        TeacherStore? store = null;
        IChatClient? client = null;
        try
        {
            client = isLive && options.Teacher == TeacherKind.OpenAi
                ? new OpenAiChatClient(options.Endpoint ?? NotBlank(environment(OpenAiChatClient.EndpointVariable)), model, environment(OpenAiChatClient.KeyVariable), time) : null;
            store = isLive ? TeacherStore.Open(options.Store) : asks || File.Exists(options.Store) ? TeacherStore.OpenToRead(options.Store) : TeacherStore.OpenEmpty();

            // Read examples and prices before a checkpoint is loaded.
            _ = new RationaleGenerator(null, model, store, options, seed, time);
            client ??= isLive ? LocalChatClient.Open(options.Checkpoint!, options.Precision, options.Device, options.Concurrency, time) : null;
            return new TeacherSession(client, store, new RationaleGenerator(client, model, store, options, seed, time) { Progress = progress });
        }
        catch
        {
            store?.Dispose();
            client?.Dispose();
            throw;
        }
    }

    /// <summary>The teacher's name: it goes to the server, into the rationales and into every request's hash.</summary>
    /// <param name="options">Who is asked.</param>
    /// <returns>The model's name, or the checkpoint's with its fingerprint.</returns>
    public static string ModelOf(TeacherOptions options) => options.Teacher == TeacherKind.Local ? LocalChatClient.NameOf(options.Checkpoint!, options.Precision) : options.Model!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _client?.Dispose();
        _store.Dispose();
    }

    private static string? NotBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

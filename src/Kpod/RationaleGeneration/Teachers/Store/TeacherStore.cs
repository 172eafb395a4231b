using Kpod.RationaleGeneration.Teachers.Calls;
using Microsoft.Data.Sqlite;

namespace Kpod.RationaleGeneration.Teachers.Store;

/// <summary>
/// What teachers said, in one SQLite file with a write-ahead log: a row a request, found by its hash. A row is on disk before the call that adds it returns, and is never changed afterwards, so an
/// answer that arrived survives a kill. One process writes at a time; any SQLite tool may read meanwhile (docs/formats.md has the schema). Its members may be called from any thread.
/// </summary>
public sealed class TeacherStore : IDisposable
{
    /// <summary>Version of the schema, in the file's <c>user_version</c>.</summary>
    public const int SchemaVersion = 1;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly FileStream? _writerLock;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand? _insert;

    private TeacherStore(string path, SqliteConnection connection, FileStream? writerLock)
    {
        FullPath = path;
        _connection = connection;
        _writerLock = writerLock;
        _find = TeacherStoreRow.FindCommand(connection);
        _insert = writerLock is null ? null : TeacherStoreRow.InsertCommand(connection);
    }

    /// <summary>The store's file.</summary>
    public string FullPath { get; }

    /// <summary>How many answers it holds.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                using var command = _connection.CreateCommand();
                command.CommandText = "SELECT count(*) FROM answers";
                return TeacherStoreFile.Guard(FullPath, () => (long)command.ExecuteScalar()!);
            }
        }
    }

    /// <summary>Opens a store to read and write, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The store; the caller disposes of it.</returns>
    /// <exception cref="KpodException">The file is no store or one of a newer version, cannot be written, or another process writes to it.</exception>
    public static TeacherStore Open(string path)
    {
        var full = Path.GetFullPath(path);
        var writerLock = TeacherStoreFile.LockForWriting(full);
        SqliteConnection? connection = null;
        try
        {
            connection = TeacherStoreFile.OpenForWriting(full);
            return new TeacherStore(full, connection, writerLock);
        }
        catch
        {
            connection?.Dispose();
            writerLock.Dispose();
            throw;
        }
    }

    /// <summary>Opens a store that is there, to read only; another process may be writing to it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The store; the caller disposes of it.</returns>
    /// <exception cref="KpodException">There is no such file, or it is no store or one of a newer version.</exception>
    public static TeacherStore OpenToRead(string path)
    {
        var full = Path.GetFullPath(path);
        return new TeacherStore(full, TeacherStoreFile.OpenForReading(full), writerLock: null);
    }

    /// <summary>A store without an answer that is in no file, for an estimate before the first call.</summary>
    /// <returns>The store.</returns>
    public static TeacherStore OpenEmpty() => new(":memory:", TeacherStoreFile.OpenEmpty(), writerLock: null);

    /// <summary>Looks for the answer to a request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Its answer, or null where none is stored.</returns>
    /// <exception cref="KpodException">The store cannot be read.</exception>
    public TeacherAnswer? Find(TeacherRequest request) => Find(request.Hash)?.Answer;

    /// <summary>Looks for a request by its hash.</summary>
    /// <param name="hash"><see cref="TeacherRequest.Hash"/>.</param>
    /// <returns>Request and answer, or null where none is stored.</returns>
    /// <exception cref="KpodException">The store cannot be read.</exception>
    public StoredAnswer? Find(string hash)
    {
        lock (_gate)
        {
            return TeacherStoreFile.Guard(FullPath, () =>
            {
                _find.Parameters[0].Value = hash;
                using var reader = _find.ExecuteReader();
                return reader.Read() ? TeacherStoreRow.Read(reader, FullPath) : null;
            });
        }
    }

    /// <summary>Keeps an answer. It is on disk when this returns.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="answer">What came back.</param>
    /// <returns>False if the request has an answer already, which stays as it is.</returns>
    /// <exception cref="WorkFailedException">It could not be written, as for a full disk.</exception>
    public bool Add(TeacherRequest request, TeacherAnswer answer) => Add([new StoredAnswer(request, answer)]) == 1;

    /// <summary>Keeps many answers at once: all, or none where one cannot be written.</summary>
    /// <param name="answers">Requests with their answers.</param>
    /// <returns>How many were new; a request that has an answer already keeps it.</returns>
    /// <exception cref="WorkFailedException">They could not be written, as for a full disk.</exception>
    public int Add(IEnumerable<StoredAnswer> answers)
    {
        var insert = _insert ?? throw new InvalidOperationException("The store is open to read only.");
        lock (_gate)
        {
            try
            {
                using var transaction = _connection.BeginTransaction();
                insert.Transaction = transaction;
                var added = 0;
                foreach (var (request, answer) in answers)
                {
                    TeacherStoreRow.Bind(insert, request, answer);
                    added += insert.ExecuteNonQuery();
                }

                transaction.Commit();
                return added;
            }
            catch (SqliteException exception)
            {
                throw new WorkFailedException(
                    $"{FullPath}: an answer could not be stored ({TeacherStoreFile.Reason(exception)}) What it holds already is safe; make room or see to the file, and run the same command again.", exception);
            }
        }
    }

    /// <summary>All answers, in the order in which they were stored. The store may be used, and added to, meanwhile.</summary>
    /// <returns>Read lazily, a few hundred at a time.</returns>
    /// <exception cref="KpodException">The store cannot be read.</exception>
    public IEnumerable<StoredAnswer> All()
    {
        var last = 0L;
        while (true)
        {
            var page = Page(last);
            foreach (var (_, stored) in page)
            {
                yield return stored;
            }

            if (page.Count == 0)
            {
                yield break;
            }

            last = page[^1].Number;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _find.Dispose();
            _insert?.Dispose();
            _connection.Dispose();
            _writerLock?.Dispose();
        }
    }

    private List<(long Number, StoredAnswer Stored)> Page(long after)
    {
        lock (_gate)
        {
            return TeacherStoreFile.Guard(FullPath, () =>
            {
                using var command = TeacherStoreRow.PageCommand(_connection, after);
                using var reader = command.ExecuteReader();
                var page = new List<(long, StoredAnswer)>();
                while (reader.Read())
                {
                    page.Add((reader.GetInt64(0), TeacherStoreRow.Read(reader, FullPath)));
                }

                return page;
            });
        }
    }
}

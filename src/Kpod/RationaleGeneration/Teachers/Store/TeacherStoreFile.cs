using Microsoft.Data.Sqlite;

namespace Kpod.RationaleGeneration.Teachers.Store;

/// <summary>Opens the SQLite file of a <see cref="TeacherStore"/>: who may write, which schema it has, and what its errors mean.</summary>
internal static class TeacherStoreFile
{
    /// <summary>"KPOD" in ASCII, in the file's <c>application_id</c>.</summary>
    public const int ApplicationId = 0x4B504F44;

    private const int BusySeconds = 5;

    // HResult of a file that another process has locked: EWOULDBLOCK, ERROR_SHARING_VIOLATION.
    private const int SharingOnUnix = 11;
    private const int SharingOnWindows = unchecked((int)0x80070020);

    // What SQLite says (https://www.sqlite.org/rescode.html).
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    private const string Schema = """
        CREATE TABLE answers (
            number INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            model TEXT NOT NULL,
            messages TEXT NOT NULL,
            sample INTEGER NOT NULL,
            temperature REAL,
            top_p REAL,
            maximum_tokens INTEGER,
            seed INTEGER,
            top_log_probabilities INTEGER,
            stop_texts TEXT,
            text TEXT NOT NULL,
            reasoning TEXT,
            refusal TEXT,
            finish_reason TEXT,
            reported_model TEXT,
            input_tokens INTEGER,
            output_tokens INTEGER,
            cost REAL,
            currency TEXT,
            seconds REAL NOT NULL,
            arrived_at TEXT NOT NULL,
            raw TEXT NOT NULL
        ) STRICT;
        """;

    /// <summary>Holds the one place of a writer: two processes that ask the same questions would pay twice. A killed process frees it.</summary>
    /// <param name="path">The store's file.</param>
    /// <returns>An open file beside the store; the place is free once it is disposed of.</returns>
    public static FileStream LockForWriting(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new KpodException($"{path}: the store cannot be written ({exception.Message}) Give yourself the right to write its folder, name another store, or read this one with --replay.", exception);
        }
        catch (IOException exception) when (exception.HResult is SharingOnUnix or SharingOnWindows)
        {
            throw new KpodException($"{path}: another process writes to this store; let it end, or name another store. Two that ask the same questions would pay twice.", exception);
        }
        catch (IOException exception)
        {
            throw new KpodException($"{path}: the store cannot be written ({exception.Message}) Name another store, or read this one with --replay.", exception);
        }
    }

    /// <summary>Opens the file to write, makes the schema in a new one, and sees that it can be written.</summary>
    /// <param name="path">The file.</param>
    /// <returns>An open connection.</returns>
    public static SqliteConnection OpenForWriting(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            return Guard(path, () =>
            {
                connection.Open();

                // BEGIN IMMEDIATE takes the write lock: a file that may not be written shows it here, before anything is asked and paid.
                Execute(connection, "BEGIN IMMEDIATE");
                if (IsEmpty(connection))
                {
                    Execute(connection, Schema);
                    Execute(connection, $"PRAGMA application_id = {ApplicationId}");
                    Execute(connection, $"PRAGMA user_version = {TeacherStore.SchemaVersion}");
                }

                CheckSchema(connection, path);
                Execute(connection, "COMMIT");
                Execute(connection, "PRAGMA journal_mode = WAL");
                Execute(connection, "PRAGMA synchronous = FULL");
                return connection;
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file to read; nothing is written, not even beside it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>An open connection.</returns>
    public static SqliteConnection OpenForReading(string path)
    {
        if (!File.Exists(path))
        {
            throw new KpodException($"{path}: there is no such store; name the one that a teacher's answers were written to.");
        }

        // Where no other process has the file open and its folder cannot be written, SQLite cannot set up the log that it shares with writers; there is none to share.
        var uri = $"{new Uri(path).AbsoluteUri}?immutable=1";
        try
        {
            return OpenForReading(path, path);
        }
        catch (KpodException fault) when (fault.InnerException is SqliteException { SqliteErrorCode: CannotOpen or ReadOnly } && !File.Exists(path + "-wal"))
        {
            return OpenForReading(path, uri);
        }
    }

    /// <summary>Makes an empty store in memory.</summary>
    /// <returns>An open connection.</returns>
    public static SqliteConnection OpenEmpty()
    {
        var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        Execute(connection, Schema);
        return connection;
    }

    /// <summary>Turns what SQLite reports into a message for the user.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="path">The store's file.</param>
    /// <param name="work">Uses the connection.</param>
    /// <returns>What the work gives.</returns>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception)
        {
            throw new KpodException(exception.SqliteErrorCode switch
            {
                Busy or Locked => $"{path}: the store is locked by another program; close what has it open and run the same command again.",
                ReadOnly => $"{path}: the store is read-only; give yourself the right to write it, name another store, or read this one with --replay.",
                NotADatabase => $"{path}: is no SQLite file, so no store of teachers' answers; name another file.",
                Corrupt => $"{path}: the store is damaged ({Reason(exception)}) 'sqlite3 FILE .recover' saves what can be read.",
                CannotOpen => $"{path}: the store cannot be opened ({Reason(exception)}) See that its folder is there and that you may read and write it.",
                _ => $"{path}: the store cannot be used ({Reason(exception)})",
            }, exception);
        }
    }

    /// <summary>SQLite's own words.</summary>
    /// <param name="exception">The error.</param>
    /// <returns>A sentence.</returns>
    public static string Reason(SqliteException exception) => $"SQLite error {exception.SqliteErrorCode}: {exception.Message.Split('\'', 2)[^1].TrimEnd('.', '\'')}.";

    private static SqliteConnection OpenForReading(string path, string source)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            return Guard(path, () =>
            {
                connection.Open();
                CheckSchema(connection, path);
                return connection;
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static bool IsEmpty(SqliteConnection connection) => Number(connection, "SELECT count(*) FROM sqlite_schema") == 0 && Number(connection, "PRAGMA application_id") == 0;

    private static void CheckSchema(SqliteConnection connection, string path)
    {
        if (Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new KpodException($"{path}: is an SQLite file, but no store of teachers' answers; name another file.");
        }

        var version = Number(connection, "PRAGMA user_version");
        if (version != TeacherStore.SchemaVersion)
        {
            throw new KpodException($"{path}: the store has schema version {version}, and this Kpod knows version {TeacherStore.SchemaVersion}; use the Kpod that wrote it, or a newer one. Nothing in it was changed.");
        }
    }

    private static long Number(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}

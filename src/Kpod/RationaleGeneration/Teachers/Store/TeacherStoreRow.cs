using System.Globalization;
using Kpod.Files;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Calls;
using Microsoft.Data.Sqlite;

namespace Kpod.RationaleGeneration.Teachers.Store;

/// <summary>A row of a <see cref="TeacherStore"/>: its columns, and how a request and its answer stand in them.</summary>
internal static class TeacherStoreRow
{
    private const int RowsOfAPage = 256;
    private const double MostCost = 1e15;
    private const double MostTokens = 1e15;

    private static readonly string[] Columns =
    [
        "hash", "model", "messages", "sample", "temperature", "top_p", "maximum_tokens", "seed", "top_log_probabilities", "stop_texts",
        "text", "reasoning", "refusal", "finish_reason", "reported_model", "input_tokens", "output_tokens", "cost", "currency", "seconds", "arrived_at", "raw",
    ];

    private static string Select => $"SELECT number, {string.Join(", ", Columns)} FROM answers";

    public static SqliteCommand FindCommand(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = $"{Select} WHERE hash = $hash";
        command.Parameters.Add("$hash", SqliteType.Text);
        return command;
    }

    public static SqliteCommand PageCommand(SqliteConnection connection, long after)
    {
        var command = connection.CreateCommand();
        command.CommandText = $"{Select} WHERE number > $after ORDER BY number LIMIT {RowsOfAPage}";
        command.Parameters.AddWithValue("$after", after);
        return command;
    }

    public static SqliteCommand InsertCommand(SqliteConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO answers ({string.Join(", ", Columns)}) VALUES ({string.Join(", ", Columns.Select(column => $"${column}"))}) ON CONFLICT (hash) DO NOTHING";
        foreach (var column in Columns)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${column}" });
        }

        return command;
    }

    public static void Bind(SqliteCommand insert, TeacherRequest request, TeacherAnswer answer)
    {
        object?[] values =
        [
            request.Hash, request.Model, JsonArtefact.ToLine(request.Messages), request.Sample, request.Temperature, request.TopP, request.MaximumTokens, request.Seed, request.TopLogProbabilities,
            request.StopTexts.Count == 0 ? null : JsonArtefact.ToLine(request.StopTexts),
            answer.Text, answer.Reasoning, answer.Refusal, answer.FinishReason, answer.Model, answer.InputTokens, answer.OutputTokens, (double?)answer.Cost, answer.Currency, answer.Seconds,
            answer.ArrivedAt.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), answer.Raw,
        ];
        for (var index = 0; index < values.Length; index++)
        {
            insert.Parameters[index].Value = values[index] ?? DBNull.Value;
        }
    }

    /// <summary>Reads a row, and sees that the request is still the one that the hash was made of.</summary>
    public static StoredAnswer Read(SqliteDataReader reader, string path)
    {
        try
        {
            return ReadCells(reader, path);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or InvalidCastException or InvalidOperationException or ArgumentException)
        {
            throw new KpodException($"{path}, row {reader.GetInt64(0)}: a cell holds what no answer has ({exception.Message}), so the row was changed; delete it, and its question will be asked again.", exception);
        }
    }

    private static StoredAnswer ReadCells(SqliteDataReader reader, string path)
    {
        T? Value<T>(string column) => reader.IsDBNull(Place(column)) ? default : reader.GetFieldValue<T>(Place(column));
        long? Whole(string column) => Value<long?>(column);
        var place = $"{path}, row {reader.GetInt64(0)}";
        var request = new TeacherRequest
        {
            Model = Value<string>("model")!,
            Messages = JsonArtefact.FromLine<IReadOnlyList<PromptMessage>>(Value<string>("messages")!, $"{place}, messages"),
            Sample = checked((int)Whole("sample")!.Value),
            Temperature = Value<double?>("temperature"),
            TopP = Value<double?>("top_p"),
            MaximumTokens = checked((int?)Whole("maximum_tokens")),
            Seed = Whole("seed"),
            TopLogProbabilities = checked((int?)Whole("top_log_probabilities")),
            StopTexts = Value<string>("stop_texts") is { } stops ? JsonArtefact.FromLine<IReadOnlyList<string>>(stops, $"{place}, stop_texts") : [],
        };
        if (request.Hash != Value<string>("hash"))
        {
            throw new KpodException($"{place}: the request is not the one that its hash was made of ({Value<string>("hash")}), so the row was changed; delete it, and its question will be asked again.");
        }

        return new StoredAnswer(request, new TeacherAnswer
        {
            Text = Value<string>("text") ?? throw new FormatException("text is null"),
            Reasoning = Value<string>("reasoning"),
            Refusal = Value<string>("refusal"),
            FinishReason = FinishReasons.Read(Value<string>("finish_reason")),
            Model = Value<string>("reported_model"),
            InputTokens = Count("input_tokens"),
            OutputTokens = Count("output_tokens"),
            Cost = (decimal?)Positive("cost", Value<double?>("cost"), MostCost),
            Currency = Value<string>("currency"),
            Seconds = Positive("seconds", Value<double>("seconds"), double.MaxValue)!.Value,
            ArrivedAt = DateTimeOffset.Parse(Value<string>("arrived_at")!, CultureInfo.InvariantCulture),
            Raw = Value<string>("raw") ?? throw new FormatException("raw is null"),
        });

        long? Count(string column) => (long?)Positive(column, Whole(column), MostTokens);
        static double? Positive(string column, double? value, double most) => value is null || (value >= 0 && value <= most) ? value : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{column} is {value}"));
        int Place(string column) => 1 + Array.IndexOf(Columns, column);
    }
}

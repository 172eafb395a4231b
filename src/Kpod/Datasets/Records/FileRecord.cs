using System.Text.Json;

namespace Kpod.Datasets.Records;

/// <summary>A record of a data file before it is understood.</summary>
/// <param name="Place">Where it stands in the file.</param>
/// <param name="Number">Its place, counted from 0.</param>
/// <param name="Json">Gives it, where the file is of JSON, rows or columns; null for XML.</param>
/// <param name="Read">Reads it, where the file is XML.</param>
internal readonly record struct FileRecord(string Place, int Number, Func<JsonElement>? Json, Func<DatasetRecord>? Read);

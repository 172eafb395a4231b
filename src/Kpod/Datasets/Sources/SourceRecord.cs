using System.Text.Json;

namespace Kpod.Datasets.Sources;

/// <summary>One record of a data file, whatever the file's kind.</summary>
/// <param name="Place">Where it stands in the file, such as <c>line 3</c>.</param>
/// <param name="Number">Its place, counted from 0 as ids are made from it.</param>
/// <param name="Read">Gives the record; throws where it is no JSON.</param>
internal readonly record struct SourceRecord(string Place, int Number, Func<JsonElement> Read);

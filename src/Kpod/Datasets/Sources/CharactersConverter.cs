using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kpod.Datasets.Sources;

/// <summary>Writes characters as the text that they are; Parquet.Net gives texts in this form.</summary>
internal sealed class CharactersConverter : JsonConverter<ReadOnlyMemory<char>>
{
    /// <inheritdoc/>
    public override ReadOnlyMemory<char> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString().AsMemory();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<char> value, JsonSerializerOptions options) => writer.WriteStringValue(value.Span);
}

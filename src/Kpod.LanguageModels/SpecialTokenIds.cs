using System.Text.Json;

namespace Kpod.LanguageModels;

/// <summary>The special tokens that a <c>config.json</c> names beside the shape of the model.</summary>
/// <param name="BeginId">Begin token, or null.</param>
/// <param name="EndIds">Tokens that end a generation; may be empty.</param>
/// <param name="PadId">Padding token, or null.</param>
public sealed record SpecialTokenIds(int? BeginId, IReadOnlyList<int> EndIds, int? PadId)
{
    internal void Write(Utf8JsonWriter writer)
    {
        if (BeginId is not null)
        {
            writer.WriteNumber("bos_token_id", BeginId.Value);
        }

        if (EndIds.Count == 1)
        {
            writer.WriteNumber("eos_token_id", EndIds[0]);
        }
        else if (EndIds.Count > 1)
        {
            writer.WriteStartArray("eos_token_id");
            foreach (var id in EndIds)
            {
                writer.WriteNumberValue(id);
            }

            writer.WriteEndArray();
        }

        if (PadId is not null)
        {
            writer.WriteNumber("pad_token_id", PadId.Value);
        }
    }
}

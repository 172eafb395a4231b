using System.Globalization;
using System.Text;

namespace Kpod.Files;

/// <summary>JSON of other programs before it is read.</summary>
public static class JsonText
{
    private const int EscapeLength = 6; // \ud83d
    private const string Replacement = "\\ufffd";

    /// <summary>
    /// Puts U+FFFD in the place of every half character: an escape such as <c>\ud83d</c> whose other half is missing. Programs that count or cut in UTF-16 units write them, JSON's grammar allows them, and no text can hold
    /// them.
    /// </summary>
    /// <param name="json">JSON, whole or not.</param>
    /// <returns>The same text where there is none.</returns>
    public static string MendHalfCharacters(string json)
    {
        if (!json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
        {
            return json;
        }

        var mended = new StringBuilder(json.Length);
        for (var index = 0; index < json.Length;)
        {
            if (json[index] != '\\')
            {
                mended.Append(json[index++]);
            }
            else if (UnitAt(json, index) is { } unit && char.IsSurrogate(unit))
            {
                var isWhole = char.IsHighSurrogate(unit) && UnitAt(json, index + EscapeLength) is { } next && char.IsLowSurrogate(next);
                var length = isWhole ? 2 * EscapeLength : EscapeLength;
                mended.Append(isWhole ? json.AsSpan(index, length) : Replacement);
                index += length;
            }
            else
            {
                var length = Math.Min(2, json.Length - index); // so that \\ud83d stays a backslash and a word
                mended.Append(json, index, length);
                index += length;
            }
        }

        return mended.ToString();
    }

    private static char? UnitAt(string json, int index) =>
        index + EscapeLength <= json.Length && json[index] == '\\' && json[index + 1] == 'u'
        && ushort.TryParse(json.AsSpan(index + 2, EscapeLength - 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;
}

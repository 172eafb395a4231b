using System.Globalization;
using System.Text;

namespace Kpod.Files;

/// <summary>
/// Makes text from outside safe to show: what steers a terminal (escape, bell, the other control characters) or turns the direction of writing is shown as <c>\u001b</c> and the like. In JSON that is the same
/// text.
/// </summary>
public static class SafeText
{
    /// <summary>The text with its line ends and tabs as they are.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The same text where there is nothing to show otherwise.</returns>
    public static string Of(string text) => Show(text, static (character, next) => IsUnsafe(character) && !(character == '\r' && next == '\n'));

    /// <summary>The text on one line.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The same text where there is nothing to show otherwise.</returns>
    public static string OneLine(string text) => Show(text, static (character, _) => character is '\n' or '\t' || IsUnsafe(character));

    // Control characters; marks, embeddings, overrides and isolates of direction; separators that some programs take for line ends.
    private static bool IsUnsafe(char character) => character switch
    {
        '\n' or '\t' => false,
        '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => true,
        _ => char.IsControl(character),
    };

    private static string Show(string text, Func<char, char, bool> isShown)
    {
        StringBuilder? shown = null;
        for (var index = 0; index < text.Length; index++)
        {
            if (isShown(text[index], index + 1 < text.Length ? text[index + 1] : '\0'))
            {
                shown ??= new StringBuilder(text, 0, index, text.Length + 16);
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[index]:x4}");
            }
            else
            {
                shown?.Append(text[index]);
            }
        }

        return shown?.ToString() ?? text;
    }
}

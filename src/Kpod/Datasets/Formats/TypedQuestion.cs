using System.Text.RegularExpressions;
using Kpod.Datasets.Questions;

namespace Kpod.Datasets.Formats;

/// <summary>Reads a question as a person types it, without a gold answer.</summary>
internal static partial class TypedQuestion
{
    /// <summary>Reads a question.</summary>
    /// <param name="text">The question; choices, if any, stand at its end as <c>(A) text (B) text</c>, in order from A.</param>
    /// <returns>The question; its gold answer is empty.</returns>
    public static Question Parse(string text)
    {
        var marks = Mark().Matches(text).ToArray();
        var first = Array.FindIndex(marks, mark => mark.Groups[1].Value == "A");
        var letters = first < 0 ? [] : marks[first..];
        if (letters.Length < 2 || letters.Where((mark, index) => mark.Groups[1].Value[0] != 'A' + index).Any())
        {
            return new Question { Id = "typed", Text = text.Trim(), Answer = string.Empty };
        }

        var choices = letters.Select((mark, index) => KeyValuePair.Create(
            mark.Groups[1].Value, text[(mark.Index + mark.Length)..(index + 1 < letters.Length ? letters[index + 1].Index : text.Length)].Trim()));
        return new Question { Id = "typed", Text = text[..letters[0].Index].Trim(), Answer = string.Empty, Choices = new Dictionary<string, string>(choices, StringComparer.Ordinal) };
    }

    [GeneratedRegex(@"\(([A-Z])\)\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}

using System.Text;
using System.Text.RegularExpressions;

namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>Takes a reasoning model's thoughts out of its text, where the server does not give them apart: what stands between tags, or in front of an end without a beginning. A thought that never ends leaves no text.</summary>
internal static partial class ThoughtTags
{
    /// <summary>Splits a text.</summary>
    /// <param name="text">What the teacher wrote.</param>
    /// <param name="reasoning">Thoughts that were given apart.</param>
    /// <returns>The text without thoughts, and all thoughts.</returns>
    public static (string Text, string Reasoning) Split(string text, string reasoning)
    {
        var tags = Tag().Matches(text);
        if (tags.Count == 0)
        {
            return (text, reasoning);
        }

        var (rest, thoughts) = (new StringBuilder(), new List<string> { reasoning });
        var (start, isThought) = (0, false);
        foreach (Match tag in tags)
        {
            var piece = text[start..tag.Index];
            var isEnd = tag.Groups["end"].Length > 0;
            if (isEnd && !isThought)
            {
                // The chat template wrote the beginning into the prompt.
                thoughts.Add(rest + piece);
                rest.Clear();
            }
            else if (isThought)
            {
                thoughts.Add(piece);
            }
            else
            {
                rest.Append(piece);
            }

            (start, isThought) = (tag.Index + tag.Length, !isEnd);
        }

        if (isThought)
        {
            thoughts.Add(text[start..]);
            rest.Clear();
        }
        else
        {
            rest.Append(text, start, text.Length - start);
        }

        return (rest.ToString().TrimStart(), string.Join("\n", thoughts.Select(thought => thought.Trim()).Where(thought => thought.Length > 0)));
    }

    [GeneratedRegex(@"<(?<end>/?)think(?:ing)?>|\[(?<end>/?)THINK\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}

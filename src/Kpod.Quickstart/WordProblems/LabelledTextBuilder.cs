using System.Text;

namespace Kpod.Quickstart.WordProblems;

/// <summary>Writes a text and remembers which of its characters are keypoints.</summary>
internal sealed class LabelledTextBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<CharacterSpan> _keypoints = [];

    /// <summary>Appends a template whose keypoints stand in square brackets; the brackets vanish.</summary>
    /// <param name="template">The template, its placeholders filled in.</param>
    public void Append(string template)
    {
        var start = -1;
        foreach (var character in template)
        {
            switch (character)
            {
                case '[':
                    start = _text.Length;
                    break;
                case ']':
                    _keypoints.Add(new CharacterSpan(start, _text.Length));
                    break;
                default:
                    _text.Append(character);
                    break;
            }
        }
    }

    /// <summary>Makes the character at a place upper-case.</summary>
    /// <param name="place">Its index.</param>
    public void Capitalise(int place) => _text[place] = char.ToUpperInvariant(_text[place]);

    /// <summary>Characters so far.</summary>
    public int Length => _text.Length;

    /// <summary>The keypoints so far.</summary>
    public IReadOnlyList<CharacterSpan> Keypoints => _keypoints;

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}

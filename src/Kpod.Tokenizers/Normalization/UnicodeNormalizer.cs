using System.Text;

namespace Kpod.Tokenizers.Normalization;

/// <summary>Normalizes to a Unicode form, with the span of each character: several that become one keep the span of the first only.</summary>
/// <param name="form">The form.</param>
internal sealed class UnicodeNormalizer(UnicodeForm form) : INormalizer
{
    // Below these no character changes, joins one before it or changes its place.
    private const char FirstUnstable = '\u00A0';
    private const char FirstUnstableComposed = '\u0300';

    private readonly bool _composes = form is UnicodeForm.Nfc or UnicodeForm.Nfkc;
    private readonly bool _compatible = form is UnicodeForm.Nfkc or UnicodeForm.Nfkd;

    /// <inheritdoc/>
    public AlignedText Normalize(AlignedText text)
    {
        var limit = form == UnicodeForm.Nfc ? FirstUnstableComposed : FirstUnstable;
        if (!text.Characters.ContainsAnyInRange(limit, char.MaxValue))
        {
            return text;
        }

        var parts = Decompose(text.Characters);
        return TextTransform.Apply(text, _composes ? Compose(parts) : parts);
    }

    // Marks are put in order of their class, stably, between one starter and the next.
    private List<CharacterChange> Decompose(ReadOnlySpan<char> text)
    {
        var changes = new List<CharacterChange>(text.Length);
        var parts = new List<int>();
        var sorted = 0;
        foreach (var character in text.EnumerateRunes())
        {
            parts.Clear();
            UnicodeNormalizationData.Decompose(character.Value, _compatible, parts);
            for (var i = 0; i < parts.Count; i++)
            {
                if (UnicodeNormalizationData.ClassOf(parts[i]) == 0)
                {
                    SortMarks(changes, sorted);
                    sorted = changes.Count + 1;
                }

                changes.Add(new CharacterChange(new Rune(parts[i]), i == 0 ? 0 : 1));
            }
        }

        SortMarks(changes, sorted);
        return changes;
    }

    private static void SortMarks(List<CharacterChange> changes, int from)
    {
        if (changes.Count - from > 1)
        {
            var marks = changes.Skip(from).OrderBy(change => UnicodeNormalizationData.ClassOf(change.Character.Value)).ToList();
            changes.RemoveRange(from, changes.Count - from);
            changes.AddRange(marks);
        }
    }

    private static List<CharacterChange> Compose(List<CharacterChange> parts)
    {
        var composed = new List<CharacterChange>(parts.Count);
        var starter = -1;
        var lastClass = -1; // class of the last mark kept after the starter; -1: none
        foreach (var part in parts)
        {
            var markClass = UnicodeNormalizationData.ClassOf(part.Character.Value);
            if (starter >= 0 && (lastClass < 0 || lastClass < markClass))
            {
                var (character, change) = composed[starter];
                var code = UnicodeNormalizationData.Compose(character.Value, part.Character.Value);
                if (code >= 0)
                {
                    composed[starter] = new CharacterChange(new Rune(code), change + part.Change - 1);
                    continue;
                }
            }

            if (markClass == 0)
            {
                starter = composed.Count;
                lastClass = -1;
            }
            else if (starter >= 0)
            {
                lastClass = markClass;
            }

            composed.Add(part);
        }

        return composed;
    }
}

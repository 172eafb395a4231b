using System.Globalization;
using System.Text;

namespace Kpod.Tokenizers.Normalization;

/// <summary>
/// Normalizes by SentencePiece's precompiled map in the way of <c>tokenizer.json</c>: a grapheme cluster of fewer than six bytes is looked up whole,
/// otherwise each of its characters alone; the shortest prefix that has an entry replaces the whole of what was looked up.
/// </summary>
internal sealed class PrecompiledNormalizer : INormalizer
{
    private const int LongestCluster = 5;
    private readonly PrecompiledCharacterMap _map;
    private readonly bool[] _isPlain = new bool[128];

    /// <summary>Makes the normalizer.</summary>
    /// <param name="map">The map.</param>
    public PrecompiledNormalizer(PrecompiledCharacterMap map)
    {
        _map = map;
        for (var code = 0; code < _isPlain.Length; code++)
        {
            _isPlain[code] = !map.TryShortest([(byte)code], out _);
        }

        // These two are one cluster, so they are never looked up one by one.
        _isPlain['\r'] = false;
    }

    /// <inheritdoc/>
    public AlignedText Normalize(AlignedText text)
    {
        var characters = text.Characters;
        var plain = EndOfPlain(characters, 0);
        if (plain == characters.Length)
        {
            return text;
        }

        var changes = new List<CharacterChange>(characters.Length + 8);
        for (var position = 0; position < characters.Length; plain = EndOfPlain(characters, position))
        {
            for (; position < plain; position++)
            {
                changes.Add(new CharacterChange(new Rune(characters[position]), 0));
            }

            if (position < characters.Length)
            {
                var cluster = characters.Slice(position, StringInfo.GetNextTextElementLength(characters[position..]));
                AddCluster(cluster, changes);
                position += cluster.Length;
            }
        }

        return TextTransform.Apply(text, changes);
    }

    // A plain character that is followed by ASCII is a cluster of its own.
    private int EndOfPlain(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && text[position] < 128 && _isPlain[text[position]] && (position + 1 == text.Length || text[position + 1] < 128))
        {
            position++;
        }

        return position;
    }

    private void AddCluster(ReadOnlySpan<char> cluster, List<CharacterChange> changes)
    {
        Span<byte> bytes = stackalloc byte[LongestCluster];
        if (Encoding.UTF8.TryGetBytes(cluster, bytes, out var length) && _map.TryShortest(bytes[..length], out var whole))
        {
            var characters = 0;
            foreach (var _ in cluster.EnumerateRunes())
            {
                characters++;
            }

            Replace(characters, whole, changes);
            return;
        }

        foreach (var character in cluster.EnumerateRunes())
        {
            if (_map.TryShortest(bytes[..character.EncodeToUtf8(bytes)], out var mapped))
            {
                Replace(1, mapped, changes);
            }
            else
            {
                changes.Add(new CharacterChange(character, 0));
            }
        }
    }

    // Characters beyond as many as there were are insertions; those that go are charged to the last character written, whichever it was.
    // Where none was written yet they are not charged at all, so that all later spans lie too far left: a slip of the reference.
    private static void Replace(int replaced, ReadOnlySpan<byte> mapped, List<CharacterChange> changes)
    {
        var written = 0;
        for (; !mapped.IsEmpty; written++)
        {
            Rune.DecodeFromUtf8(mapped, out var character, out var length);
            changes.Add(new CharacterChange(character, 0));
            mapped = mapped[length..];
        }

        for (var i = changes.Count - Math.Max(written - replaced, 0); i < changes.Count; i++)
        {
            changes[i] = changes[i] with { Change = 1 };
        }

        if (written < replaced && changes.Count > 0)
        {
            changes[^1] = changes[^1] with { Change = changes[^1].Change + written - replaced };
        }
    }
}

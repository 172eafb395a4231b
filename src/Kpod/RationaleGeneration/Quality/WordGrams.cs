using System.Text.RegularExpressions;

namespace Kpod.RationaleGeneration.Quality;

/// <summary>
/// A text as the set of its word n-grams, by which MCC-KD (Chen et al., 2023) tells rationales apart: how much two texts overlap is |A ∩ B| / |A ∪ B| (Jaccard). Words are lower-case runs of letters, numbers
/// and mathematical operators; white space and all other punctuation only separate them, so two calculations with other numbers or signs are two texts.
/// </summary>
internal sealed partial class WordGrams
{
    private readonly string[] _words;
    private readonly int _size;
    private readonly HashSet<string> _grams;

    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text; one of fewer words than a gram is one gram as a whole.</param>
    /// <param name="size">Words of a gram, 1 or more.</param>
    public WordGrams(string text, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _words = [.. Word().Matches(text.ToLowerInvariant()).Select(match => match.Value)];
        _size = size;
        _grams = Cut(_words, Math.Min(size, _words.Length));
    }

    /// <summary>The words in order.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Number of different grams.</summary>
    public int Count => _grams.Count;

    /// <summary>How many grams two texts have in common.</summary>
    /// <param name="other">The other text, cut into grams of the same size.</param>
    /// <returns>Their number.</returns>
    public int InCommon(WordGrams other)
    {
        if (other._size != _size)
        {
            throw new ArgumentException($"The texts are cut into grams of {_size} and {other._size} words.", nameof(other));
        }

        var (smaller, larger) = Count <= other.Count ? (_grams, other._grams) : (other._grams, _grams);
        return smaller.Count(larger.Contains);
    }

    /// <summary>How much two texts overlap.</summary>
    /// <param name="other">The other text, cut into grams of the same size.</param>
    /// <returns>From 0 (no gram in common) to 1 (the same grams, or two texts without a word).</returns>
    public double Overlap(WordGrams other)
    {
        var both = InCommon(other);
        return Count + other.Count == 0 ? 1 : both / (double)(Count + other.Count - both);
    }

    // No word holds a space, so the joined words tell the gram.
    private static HashSet<string> Cut(string[] words, int size) =>
        size == 0 ? [] : [.. Enumerable.Range(0, words.Length - size + 1).Select(start => string.Join(' ', words, start, size))];

    // Letters with their accents; digits with what stands between them; signs. A hyphen between letters is no minus.
    [GeneratedRegex(@"\p{L}[\p{L}\p{M}]*|\p{N}+(?:[.,]\p{N}+)*|\p{Sm}|[*/%^]|(?<!\p{L})-|-(?!\p{L})")]
    private static partial Regex Word();
}

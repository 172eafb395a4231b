using System.Text.RegularExpressions;

namespace Kpod.RationaleGeneration.Quality;

/// <summary>
/// A text as the set of its word n-grams, by which MCC-KD (Chen et al., 2023) tells rationales apart: how much two texts overlap is |A ∩ B| / |A ∪ B| (Jaccard). Words are lower-case runs of letters, numbers
/// and mathematical operators; white space and all other punctuation only separate them, so two calculations with other numbers or signs are two texts.
/// </summary>
public sealed partial class WordGrams
{
    private readonly string[] _words;
    private readonly int _size;
    private readonly HashSet<string> _grams;

    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">Words of a gram, 1 or more.</param>
    public WordGrams(string text, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _words = [.. Word().Matches(text.ToLowerInvariant()).Select(match => match.Value)];
        _size = size;
        _grams = Cut(_words, size);
    }

    /// <summary>The words in order.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>How much two texts overlap.</summary>
    /// <param name="other">The other text, cut into grams of the same size.</param>
    /// <returns>From 0 (no gram in common) to 1 (the same grams). Where a text has fewer words than a gram, both are cut into grams of as many words as the shorter one has.</returns>
    public double Overlap(WordGrams other)
    {
        if (other._size != _size)
        {
            throw new ArgumentException($"The texts are cut into grams of {_size} and {other._size} words.", nameof(other));
        }

        var shorter = Math.Min(_words.Length, other._words.Length);
        if (shorter == 0)
        {
            return _words.Length == other._words.Length ? 1 : 0;
        }

        return shorter >= _size ? Jaccard(_grams, other._grams) : Jaccard(Cut(_words, shorter), Cut(other._words, shorter));
    }

    private static double Jaccard(HashSet<string> first, HashSet<string> second)
    {
        var (smaller, larger) = first.Count <= second.Count ? (first, second) : (second, first);
        var both = smaller.Count(larger.Contains);
        return both / (double)(first.Count + second.Count - both);
    }

    // No word holds a space, so the joined words tell the gram.
    private static HashSet<string> Cut(string[] words, int size) =>
        [.. Enumerable.Range(0, Math.Max(0, words.Length - size + 1)).Select(start => string.Join(' ', words, start, size))];

    // Letters with their accents; digits with what stands between them; signs. A hyphen between letters is no minus.
    [GeneratedRegex(@"\p{L}[\p{L}\p{M}]*|\p{N}+(?:[.,]\p{N}+)*|\p{Sm}|[*/%^]|(?<!\p{L})-|-(?!\p{L})")]
    private static partial Regex Word();
}

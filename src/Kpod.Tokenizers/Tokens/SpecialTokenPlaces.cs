namespace Kpod.Tokenizers.Tokens;

/// <summary>Where in a text special tokens that are written out become their ids.</summary>
internal sealed class SpecialTokenPlaces
{
    /// <summary>Nowhere.</summary>
    public static readonly SpecialTokenPlaces None = new([]);

    /// <summary>Everywhere.</summary>
    public static readonly SpecialTokenPlaces All = new(null);

    private readonly IReadOnlyList<(int Start, int End)>? _stretches;

    private SpecialTokenPlaces(IReadOnlyList<(int Start, int End)>? stretches) => _stretches = stretches;

    /// <summary>Whether there may be any.</summary>
    public bool AreAny => _stretches is not { Count: 0 };

    /// <summary>Whether a place may be refused and another not.</summary>
    public bool Differ => _stretches is { Count: > 0 };

    /// <summary>Everywhere or nowhere.</summary>
    /// <param name="everywhere">Which.</param>
    /// <returns>The places.</returns>
    public static SpecialTokenPlaces Of(bool everywhere) => everywhere ? All : None;

    /// <summary>Only within some stretches of the original text: a token that reaches out of one is text.</summary>
    /// <param name="stretches">In order, none touching the next.</param>
    /// <returns>The places.</returns>
    public static SpecialTokenPlaces Within(IReadOnlyList<(int Start, int End)> stretches) => new(stretches);

    /// <summary>Whether a token may be recognised.</summary>
    /// <param name="start">First UTF-16 unit of the original text.</param>
    /// <param name="end">One past the last.</param>
    /// <returns>True where it may.</returns>
    public bool Allow(int start, int end)
    {
        if (_stretches is null)
        {
            return true;
        }

        var (low, high) = (0, _stretches.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _stretches[middle].End < end ? (middle + 1, high) : (low, middle);
        }

        return low < _stretches.Count && _stretches[low].Start <= start;
    }
}

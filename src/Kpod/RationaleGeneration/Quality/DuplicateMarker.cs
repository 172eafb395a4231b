using Kpod.RationaleGeneration.Rationales;

namespace Kpod.RationaleGeneration.Quality;

/// <summary>Marks each rationale that says what an earlier one of its question says already.</summary>
internal sealed class DuplicateMarker
{
    private readonly DuplicateOptions _options;

    /// <summary>Prepares the marker.</summary>
    /// <param name="options">What counts as a near duplicate.</param>
    public DuplicateMarker(DuplicateOptions options) => _options = options;

    /// <summary>Marks the rationales of one question.</summary>
    /// <param name="rationales">All of them, sample by sample; those without a word are never marked.</param>
    /// <returns>The same, with <see cref="Rationale.DuplicateOf"/> and <see cref="Rationale.Overlap"/> where an earlier one overlaps enough: the one that does most, the first of several.</returns>
    public Rationale[] Mark(IReadOnlyList<Rationale> rationales)
    {
        var grams = rationales.Select(rationale => new WordGrams(rationale.Text, _options.Words)).ToArray();
        return [.. rationales.Select((rationale, index) => MostLike(rationales, grams, index) is var (earlier, overlap) ? rationale with { DuplicateOf = rationales[earlier].Sample, Overlap = overlap } : rationale)];
    }

    private (int Earlier, double Overlap)? MostLike(IReadOnlyList<Rationale> rationales, WordGrams[] grams, int index)
    {
        (int Earlier, double Overlap)? most = null;
        for (var earlier = 0; earlier < index && grams[index].Words.Count > 0; earlier++)
        {
            var overlap = rationales[earlier].Text == rationales[index].Text ? 1 : Math.Round(grams[index].Overlap(grams[earlier]), 4);
            if (overlap >= _options.Overlap && overlap > (most?.Overlap ?? 0))
            {
                most = (earlier, overlap);
            }
        }

        return most;
    }
}

namespace Kpod.Tokenizers.PreTokenizers;

/// <summary>
/// Cuts before each ▁ that follows another character. Not part of any tokenizer: where no merge reaches across such a place, cutting there changes nothing,
/// and words repeat where whole texts do not, so that they are found in the cache.
/// </summary>
internal static class MarkCutter
{
    private const char Mark = '▁';

    /// <summary>Whether a piece holds a ▁ that follows another character.</summary>
    /// <param name="piece">A piece of a vocabulary.</param>
    /// <returns>True where a merge to it reaches across a cut.</returns>
    public static bool IsCut(string piece) => Scan(piece, 0) < piece.Length;

    /// <summary>Finds the end of a word.</summary>
    /// <param name="text">A piece of text, not empty.</param>
    /// <param name="start">Where the word begins.</param>
    /// <returns>Where it ends.</returns>
    public static int Scan(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && text[end] == Mark)
        {
            end++;
        }

        var step = text[end..].IndexOf(Mark);
        return step < 0 ? text.Length : end + step;
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace Kpod.Quickstart.Base;

/// <summary>Learns the merges of a byte-level byte-pair encoding (Sennrich et al., 2016; Radford et al., 2019).</summary>
internal static partial class BytePairTrainer
{
    /// <summary>The 256 byte symbols in the order of the bytes: printable bytes stand for themselves, the others for characters from U+0100 on.</summary>
    public static IReadOnlyList<string> ByteSymbols { get; } = MakeByteSymbols();

    /// <summary>Merges the most frequent pair again and again; of equally frequent pairs the one that sorts first.</summary>
    /// <param name="texts">What to learn from.</param>
    /// <param name="merges">The most merges.</param>
    /// <returns>The merged pairs in order; fewer where no pair occurs twice any more.</returns>
    public static IReadOnlyList<(string Left, string Right)> Train(IEnumerable<string> texts, int merges)
    {
        var words = CountWords(texts);
        var learned = new List<(string Left, string Right)>();
        while (learned.Count < merges)
        {
            var counts = new Dictionary<(string Left, string Right), long>();
            foreach (var (pieces, count) in words)
            {
                for (var place = 1; place < pieces.Count; place++)
                {
                    var pair = (pieces[place - 1], pieces[place]);
                    counts[pair] = counts.GetValueOrDefault(pair) + count;
                }
            }

            var best = counts.Where(pair => pair.Value > 1).OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key.Left, StringComparer.Ordinal).ThenBy(pair => pair.Key.Right, StringComparer.Ordinal).Select(pair => pair.Key).FirstOrDefault();
            if (best.Left is null)
            {
                break;
            }

            learned.Add(best);
            foreach (var (pieces, _) in words)
            {
                Merge(pieces, best);
            }
        }

        return learned;
    }

    private static void Merge(List<string> pieces, (string Left, string Right) pair)
    {
        for (var place = 1; place < pieces.Count; place++)
        {
            if (pieces[place - 1] == pair.Left && pieces[place] == pair.Right)
            {
                pieces[place - 1] = pair.Left + pair.Right;
                pieces.RemoveAt(place);
            }
        }
    }

    private static List<(List<string> Pieces, long Count)> CountWords(IEnumerable<string> texts)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (Match word in Words().Matches(text))
            {
                counts[word.Value] = counts.GetValueOrDefault(word.Value) + 1;
            }
        }

        return [.. counts.Select(word => (Encoding.UTF8.GetBytes(word.Key).Select(value => ByteSymbols[value]).ToList(), word.Value))];
    }

    private static string[] MakeByteSymbols()
    {
        var symbols = new string[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var isPrintable = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE;
            symbols[value] = ((char)(isPrintable ? value : next++)).ToString();
        }

        return symbols;
    }

    // The regular expression of ByteLevel: no merge crosses these borders.
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}

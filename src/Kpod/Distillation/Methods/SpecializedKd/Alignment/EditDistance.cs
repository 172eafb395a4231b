using System.Text;

namespace Kpod.Distillation.Methods.SpecializedKd.Alignment;

/// <summary>Levenshtein's distance between two tokens, by code points.</summary>
internal static class EditDistance
{
    /// <summary>How many insertions, deletions and replacements lie between two tokens once blanks, written as such or as "▁", are taken out.</summary>
    /// <param name="first">A token.</param>
    /// <param name="second">Another token.</param>
    /// <returns>Their number.</returns>
    public static int Of(string first, string second)
    {
        var (a, b) = (Visible(first), Visible(second));
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static Rune[] Visible(string token) => [.. token.EnumerateRunes().Where(rune => rune.Value is not (' ' or TokenAlignment.Blank))];
}

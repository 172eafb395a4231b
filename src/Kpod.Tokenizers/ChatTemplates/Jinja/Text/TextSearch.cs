namespace Kpod.Tokenizers.ChatTemplates.Jinja.Text;

/// <summary>Looks for texts in texts, at a price: a long needle in a long text may have to be compared at every place.</summary>
internal static class TextSearch
{
    // Units that are compared in the time in which one is counted.
    private const int ComparedAtOnce = 256;

    /// <summary>The first place of a text in another.</summary>
    /// <param name="text">Where to look.</param>
    /// <param name="sought">What for.</param>
    /// <param name="from">First unit to look at.</param>
    /// <returns>The unit where it begins, or -1.</returns>
    public static int First(string text, string sought, int from)
    {
        var place = text.IndexOf(sought, from, StringComparison.Ordinal);
        Charge((place < 0 ? text.Length : place) - from, sought.Length);
        return place;
    }

    /// <summary>The last place of a text in another.</summary>
    /// <param name="text">Where to look.</param>
    /// <param name="sought">What for.</param>
    /// <param name="end">One past the last unit to look at.</param>
    /// <returns>The unit where it begins, or -1.</returns>
    public static int Last(string text, string sought, int end)
    {
        var place = text.AsSpan(0, end).LastIndexOf(sought, StringComparison.Ordinal);
        Charge(end - Math.Max(0, place), sought.Length);
        return place;
    }

    private static void Charge(long passed, long soughtLength) => RenderBudget.Spend(passed + (passed * soughtLength / ComparedAtOnce) + 1);
}

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Text;

/// <summary>A string that knows which of its characters come from the conversation: these must never be read as special tokens. Its indices count code points, as Python's do.</summary>
internal sealed class TemplateText
{
    /// <summary>The empty text.</summary>
    public static readonly TemplateText Empty = new(string.Empty, []);

    private readonly bool _hasSurrogates;

    /// <summary>Makes a text.</summary>
    /// <param name="value">Its characters.</param>
    /// <param name="runs">Where they come from; together as long as the text.</param>
    /// <param name="isMarkup">Whether it counts as escaped HTML.</param>
    public TemplateText(string value, IReadOnlyList<TextRun> runs, bool isMarkup = false)
    {
        Value = value;
        Runs = runs;
        IsMarkup = isMarkup;
        _hasSurrogates = value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
        Count = _hasSurrogates ? CountCodePoints(value) : value.Length;
    }

    /// <summary>The characters.</summary>
    public string Value { get; }

    /// <summary>Where they come from.</summary>
    public IReadOnlyList<TextRun> Runs { get; }

    /// <summary>Whether it counts as escaped HTML: what is added to it is escaped.</summary>
    public bool IsMarkup { get; }

    /// <summary>Its length in code points.</summary>
    public int Count { get; }

    /// <summary>A text of the template's own.</summary>
    /// <param name="value">Its characters.</param>
    /// <returns>The text.</returns>
    public static TemplateText Own(string value) => Of(value, isForeign: false);

    /// <summary>A text from one source.</summary>
    /// <param name="value">Its characters.</param>
    /// <param name="isForeign">Whether they come from the conversation.</param>
    /// <returns>The text.</returns>
    public static TemplateText Of(string value, bool isForeign) => value.Length == 0 ? Empty : new(value, [new TextRun(value.Length, isForeign)]);

    /// <summary>The same text with other characters of the same source; for changes that keep a text whole.</summary>
    /// <param name="isMarkup">Whether it counts as escaped HTML.</param>
    /// <returns>The text.</returns>
    public TemplateText AsMarkup(bool isMarkup) => isMarkup == IsMarkup ? this : new(Value, Runs, isMarkup);

    /// <summary>Cuts a part out, by UTF-16 units.</summary>
    /// <param name="start">Its first unit.</param>
    /// <param name="end">One past its last.</param>
    /// <returns>The part.</returns>
    public TemplateText CutUnits(int start, int end)
    {
        if (start == 0 && end == Value.Length)
        {
            return this;
        }

        if (end <= start)
        {
            return Empty;
        }

        RenderBudget.Spend(end - start + Runs.Count);
        var runs = new List<TextRun>(1);
        var at = 0;
        foreach (var run in Runs)
        {
            var length = Math.Min(at + run.Length, end) - Math.Max(at, start);
            if (length > 0)
            {
                runs.Add(run with { Length = length });
            }

            at += run.Length;
        }

        return new TemplateText(Value[start..end], runs, IsMarkup);
    }

    /// <summary>Cuts a part out, by code points.</summary>
    /// <param name="start">Its first code point.</param>
    /// <param name="end">One past its last.</param>
    /// <returns>The part.</returns>
    public TemplateText Cut(int start, int end) => CutUnits(UnitOf(start), UnitOf(end));

    /// <summary>The unit at which a code point begins.</summary>
    /// <param name="codePoint">Its index, at most <see cref="Count"/>.</param>
    /// <returns>The index of the unit.</returns>
    public int UnitOf(int codePoint)
    {
        if (!_hasSurrogates)
        {
            return codePoint;
        }

        RenderBudget.Spend(codePoint);
        var unit = 0;
        for (var passed = 0; passed < codePoint; passed++)
        {
            unit += WidthAt(Value, unit);
        }

        return unit;
    }

    /// <summary>The code point to which a unit belongs.</summary>
    /// <param name="unit">The index of the unit.</param>
    /// <returns>The index of the code point.</returns>
    public int CodePointOf(int unit)
    {
        RenderBudget.Spend(_hasSurrogates ? unit : 0);
        return _hasSurrogates ? CountCodePoints(Value.AsSpan(0, unit)) : unit;
    }

    /// <summary>Each code point as a text.</summary>
    /// <returns>The texts in order.</returns>
    public IEnumerable<TemplateText> CodePoints()
    {
        var run = 0;
        var runEnd = Runs.Count > 0 ? Runs[0].Length : 0;
        for (var unit = 0; unit < Value.Length;)
        {
            while (unit >= runEnd)
            {
                runEnd += Runs[++run].Length;
            }

            var width = WidthAt(Value, unit);
            yield return Of(Value.Substring(unit, width), Runs[run].IsForeign);
            unit += width;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static int CountCodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var unit = 0; unit < text.Length; unit += WidthAt(text, unit))
        {
            count++;
        }

        return count;
    }

    private static int WidthAt(ReadOnlySpan<char> text, int unit) => unit + 1 < text.Length && char.IsSurrogatePair(text[unit], text[unit + 1]) ? 2 : 1;
}

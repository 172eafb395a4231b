using System.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Text;

/// <summary>Builds a <see cref="TemplateText"/> from parts and keeps where each came from.</summary>
internal sealed class TemplateTextBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<TextRun> _runs = [];

    /// <summary>Length so far, in UTF-16 units.</summary>
    public int Length => _text.Length;

    /// <summary>Joins texts.</summary>
    /// <param name="parts">The texts.</param>
    /// <returns>The whole.</returns>
    public static TemplateText Join(params IEnumerable<TemplateText> parts)
    {
        var builder = new TemplateTextBuilder();
        foreach (var part in parts)
        {
            builder.Append(part);
        }

        return builder.ToText();
    }

    /// <summary>Adds characters of one source.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="isForeign">Whether they come from the conversation.</param>
    /// <returns>This.</returns>
    public TemplateTextBuilder Append(ReadOnlySpan<char> text, bool isForeign = false)
    {
        RenderBudget.Spend(text.Length);
        _text.Append(text);
        AddRun(text.Length, isForeign);
        return this;
    }

    /// <summary>Adds a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>This.</returns>
    public TemplateTextBuilder Append(TemplateText text)
    {
        // Runs are counted too: a text may have as many as characters.
        RenderBudget.Spend(text.Value.Length + text.Runs.Count);
        _text.Append(text.Value);
        foreach (var run in text.Runs)
        {
            AddRun(run.Length, run.IsForeign);
        }

        return this;
    }

    /// <summary>Adds a text again and again.</summary>
    /// <param name="text">The text.</param>
    /// <param name="times">How often.</param>
    /// <returns>This.</returns>
    public TemplateTextBuilder Append(TemplateText text, long times)
    {
        // All of it beforehand: what is too much is refused before it is written.
        RenderBudget.Spend(text.Value.Length * Math.Max(0, times));
        for (var time = 0L; time < times && text.Value.Length > 0; time++)
        {
            Append(text);
        }

        return this;
    }

    /// <summary>Takes what was built.</summary>
    /// <returns>The text.</returns>
    public TemplateText ToText() => _text.Length == 0 ? TemplateText.Empty : new TemplateText(_text.ToString(), [.. _runs]);

    private void AddRun(int length, bool isForeign)
    {
        if (length == 0)
        {
            return;
        }

        if (_runs.Count > 0 && _runs[^1].IsForeign == isForeign)
        {
            _runs[^1] = new TextRun(_runs[^1].Length + length, isForeign);
        }
        else
        {
            RenderBudget.Spend(RenderBudget.RunWork);
            _runs.Add(new TextRun(length, isForeign));
        }
    }
}

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Text;

/// <summary>Escapes for HTML, for templates that ask for it.</summary>
internal static class Html
{
    /// <summary>Escapes a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The escaped text, which counts as markup.</returns>
    public static TemplateText Escape(TemplateText text)
    {
        var escaped = new TemplateTextBuilder();
        var at = 0;
        foreach (var run in text.Runs)
        {
            var part = text.Value.Substring(at, run.Length).Replace("&", "&amp;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
                .Replace("<", "&lt;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);
            escaped.Append(part, run.IsForeign);
            at += run.Length;
        }

        return escaped.ToText().AsMarkup(true);
    }
}

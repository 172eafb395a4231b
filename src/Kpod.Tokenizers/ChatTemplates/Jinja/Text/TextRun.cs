namespace Kpod.Tokenizers.ChatTemplates.Jinja.Text;

/// <summary>A stretch of a text that comes from one source.</summary>
/// <param name="Length">Its length in UTF-16 units.</param>
/// <param name="IsForeign">Whether it comes from the conversation rather than from the template, the model's files or a computation.</param>
internal readonly record struct TextRun(int Length, bool IsForeign);

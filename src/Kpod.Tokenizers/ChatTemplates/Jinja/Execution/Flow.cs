namespace Kpod.Tokenizers.ChatTemplates.Jinja.Execution;

/// <summary>How a part of a template ended.</summary>
internal enum Flow
{
    /// <summary>At its end.</summary>
    Normal,

    /// <summary>By <c>break</c>.</summary>
    Break,

    /// <summary>By <c>continue</c>.</summary>
    Continue,
}

namespace Kpod.Tokenizers.ChatTemplates;

/// <summary>A chat template cannot be read, or cannot be rendered with a conversation.</summary>
public sealed class ChatTemplateException : KpodException
{
    /// <summary>Makes one with a message meant for the user.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    public ChatTemplateException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with the error behind it.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    /// <param name="innerException">The error behind it.</param>
    public ChatTemplateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What the template itself said with <c>raise_exception</c>; null where it is another error.</summary>
    public string? TemplateMessage { get; init; }

    /// <summary>The class of the error in Jinja and Python, such as <c>UndefinedError</c>.</summary>
    internal string Kind { get; init; } = string.Empty;
}

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Text;

/// <summary>A template cannot be parsed or rendered. Kinds and messages are those of Jinja and Python, where they say the same.</summary>
/// <param name="kind">The Python class of the error.</param>
/// <param name="message">What is wrong.</param>
internal sealed class TemplateFault(string kind, string message) : Exception(message)
{
    /// <summary>The template itself refuses the conversation, by <c>raise_exception</c>.</summary>
    public const string Raised = "TemplateError";

    /// <summary>The template is not sound.</summary>
    public const string Syntax = "TemplateSyntaxError";

    /// <summary>The template uses an unknown filter or test.</summary>
    public const string Assertion = "TemplateAssertionError";

    /// <summary>The template does too much.</summary>
    public const string Limit = "RecursionError";

    /// <summary>An operation on values that do not have it.</summary>
    public const string TypeError = "TypeError";

    /// <summary>The Python class of the error.</summary>
    public string Kind => kind;

    /// <summary>The line of the template, from 1; 0 where it is not known.</summary>
    public int Line { get; set; }

    /// <summary>An operation on values that do not have it.</summary>
    /// <param name="message">What is wrong.</param>
    /// <returns>The fault.</returns>
    public static TemplateFault Type(string message) => new(TypeError, message);

    /// <summary>A value that an operation cannot take.</summary>
    /// <param name="message">What is wrong.</param>
    /// <returns>The fault.</returns>
    public static TemplateFault Value(string message) => new("ValueError", message);

    /// <summary>Something that Jinja has and this implementation has not.</summary>
    /// <param name="what">What.</param>
    /// <returns>The fault.</returns>
    public static TemplateFault NotImplemented(string what) => new("NotImplementedError", $"{what} is not implemented");
}

using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>The value of what is not there: prints as nothing, is false, has no items; anything else with it is an error.</summary>
/// <param name="message">What the error says.</param>
/// <param name="isUnsafe">Whether it stands for something that a template must not touch.</param>
internal sealed class Undefined(string message, bool isUnsafe = false)
{
    /// <summary>What a missing variable is.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The value.</returns>
    public static Undefined Variable(string name) => new($"{PythonText.Repr(name)} is undefined");

    /// <summary>What a missing attribute or item is.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="key">Which.</param>
    /// <returns>The value.</returns>
    public static Undefined Member(object? owner, object? key) => new(key is TemplateText name
        ? $"{PythonText.Repr(TypeNames.Describe(owner))} has no attribute {PythonText.Repr(name.Value)}"
        : $"{TypeNames.Describe(owner)} has no element {PythonText.Repr(key).Value}");

    /// <summary>What an attribute is that a template must not touch.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="name">Which.</param>
    /// <returns>The value.</returns>
    public static Undefined Unsafe(object? owner, string name) =>
        new($"access to attribute {PythonText.Repr(name)} of {PythonText.Repr(TypeNames.Of(owner))} object is unsafe.", isUnsafe: true);

    /// <summary>The error of using it.</summary>
    /// <returns>The fault.</returns>
    public TemplateFault Fault() => new(isUnsafe ? "SecurityError" : "UndefinedError", message);
}

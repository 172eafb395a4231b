namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>What <c>namespace()</c> makes: the one thing whose attributes a template may set.</summary>
internal sealed class PythonNamespace
{
    /// <summary>Its attributes.</summary>
    public PythonDictionary Attributes { get; } = new();
}

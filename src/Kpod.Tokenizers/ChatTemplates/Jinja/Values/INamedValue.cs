namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>A value with attributes of its own: a loop, a macro, a cycler.</summary>
internal interface INamedValue
{
    /// <summary>The name of its type.</summary>
    string TypeName { get; }

    /// <summary>Whether it can be called.</summary>
    bool IsCallable { get; }

    /// <summary>How it is printed.</summary>
    string Printed { get; }

    /// <summary>Finds an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether there is one.</returns>
    bool TryGetAttribute(string name, out object? value);
}

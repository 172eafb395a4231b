namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>A list; templates cannot change it.</summary>
/// <param name="Items">Its items.</param>
internal sealed record PythonList(IReadOnlyList<object?> Items);

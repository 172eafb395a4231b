namespace Kpod.Tokenizers.ChatTemplates.Jinja.Values;

/// <summary>A tuple.</summary>
/// <param name="Items">Its items.</param>
/// <param name="Names">Names of the items, as the groups of <c>groupby</c> have; null for none.</param>
internal sealed record PythonTuple(IReadOnlyList<object?> Items, IReadOnlyList<string>? Names = null);

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>What a macro or the body of a call block does.</summary>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Body">What it prints.</param>
/// <param name="Names">The special names that its body uses: <c>varargs</c>, <c>kwargs</c> and <c>caller</c> take what was not asked for.</param>
internal sealed record MacroDefinition(IReadOnlyList<Parameter> Parameters, IReadOnlyList<Statement> Body, IReadOnlySet<string> Names);

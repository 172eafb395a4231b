namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>A parameter of a macro.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">Its value where none is given, evaluated at the call; null for undefined.</param>
internal sealed record Parameter(string Name, Expression? Default);

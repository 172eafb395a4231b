namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>The arguments of a call, filter or test as they are written.</summary>
/// <param name="Positional">Arguments by place.</param>
/// <param name="Named">Arguments by name.</param>
/// <param name="Spread">What stands behind <c>*</c>, or null.</param>
/// <param name="NamedSpread">What stands behind <c>**</c>, or null.</param>
internal sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named, Expression? Spread, Expression? NamedSpread)
{
    /// <summary>No arguments.</summary>
    public static readonly ArgumentList None = new([], [], null, null);
}

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>A piece of a template's source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text: data, name, operator, or a string literal's content.</param>
/// <param name="Number">A number literal's value.</param>
/// <param name="Line">Where it begins, from 1.</param>
internal readonly record struct TemplateToken(TokenKind Kind, string Text, object? Number, int Line)
{
    /// <summary>Whether it is this operator.</summary>
    /// <param name="text">The operator.</param>
    /// <returns>True for it.</returns>
    public bool IsOperator(string text) => Kind == TokenKind.Operator && Text == text;

    /// <summary>Whether it is this name.</summary>
    /// <param name="text">The name.</param>
    /// <returns>True for it.</returns>
    public bool IsName(string text) => Kind == TokenKind.Name && Text == text;

    /// <summary>The token for a message.</summary>
    /// <returns>What stands there.</returns>
    public string Describe() => Kind switch
    {
        TokenKind.End => "end of template",
        TokenKind.VariableEnd => "end of print statement",
        TokenKind.BlockEnd => "end of statement block",
        TokenKind.BlockBegin => "begin of statement block",
        TokenKind.VariableBegin => "begin of print statement",
        TokenKind.Data => "template data",
        TokenKind.Number => "number",
        _ => Text,
    };
}

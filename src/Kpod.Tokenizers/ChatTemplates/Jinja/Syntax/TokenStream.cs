using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>A template's tokens with a place among them.</summary>
/// <param name="tokens">The tokens, an end token last.</param>
internal sealed class TokenStream(IReadOnlyList<TemplateToken> tokens)
{
    private int _position;

    /// <summary>The token at the place.</summary>
    public TemplateToken Current => tokens[_position];

    /// <summary>The token behind it.</summary>
    public TemplateToken Following => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    /// <summary>Moves on by a token.</summary>
    /// <returns>The token passed.</returns>
    public TemplateToken Next()
    {
        var token = Current;
        _position = Math.Min(_position + 1, tokens.Count - 1);
        return token;
    }

    /// <summary>Passes an operator if it stands here.</summary>
    /// <param name="symbol">The operator.</param>
    /// <returns>Whether it did.</returns>
    public bool PassOperator(string symbol) => Current.IsOperator(symbol) && Passed();

    /// <summary>Passes a name if it stands here.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether it did.</returns>
    public bool PassName(string name) => Current.IsName(name) && Passed();

    /// <summary>Passes what must stand here.</summary>
    /// <param name="kind">What.</param>
    /// <returns>It.</returns>
    /// <exception cref="TemplateFault">Something else does.</exception>
    public TemplateToken Expect(TokenKind kind) => Current.Kind == kind ? Next() : throw Fault($"expected token '{Name(kind)}', got '{Current.Describe()}'");

    /// <summary>Passes an operator that must stand here.</summary>
    /// <param name="symbol">The operator.</param>
    /// <exception cref="TemplateFault">Something else does.</exception>
    public void ExpectOperator(string symbol)
    {
        if (!PassOperator(symbol))
        {
            throw Fault($"expected token '{symbol}', got '{Current.Describe()}'");
        }
    }

    /// <summary>Passes a name that must stand here.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="TemplateFault">Something else does.</exception>
    public void ExpectName(string name)
    {
        if (!PassName(name))
        {
            throw Fault($"expected token '{name}', got '{Current.Describe()}'");
        }
    }

    /// <summary>The fault that the template is unsound here.</summary>
    /// <param name="message">How.</param>
    /// <returns>The fault.</returns>
    public TemplateFault Fault(string message) => new(TemplateFault.Syntax, message) { Line = Current.Line };

    private static string Name(TokenKind kind) => kind switch
    {
        TokenKind.BlockEnd => "end of statement block",
        TokenKind.VariableEnd => "end of print statement",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private bool Passed()
    {
        Next();
        return true;
    }
}

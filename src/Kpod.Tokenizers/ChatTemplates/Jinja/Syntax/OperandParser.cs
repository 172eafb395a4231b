using System.Numerics;
using System.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>Parses what stands between operators: names, literals, brackets, and the subscripts, attributes and calls behind them.</summary>
/// <param name="state">Shared with the statements.</param>
/// <param name="expressions">Parses what stands in brackets.</param>
internal sealed class OperandParser(ParserState state, ExpressionParser expressions)
{
    private readonly TokenStream _stream = state.Stream;

    /// <summary>Parses a name, a literal or a bracket.</summary>
    /// <returns>The expression.</returns>
    public Expression ParsePrimary()
    {
        var token = _stream.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                _stream.Next();
                return ParseName(token.Text);
            case TokenKind.Text:
                return ParseText();
            case TokenKind.Number:
                return new Expression.Constant(_stream.Next().Number);
            case TokenKind.Operator when token.Text == "(":
                _stream.Next();
                var inner = expressions.ParseTuple(mayBeEmpty: true);
                _stream.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ParseList();
            case TokenKind.Operator when token.Text == "{":
                return ParseMapping();
            default:
                throw _stream.Fault($"unexpected '{token.Describe()}'");
        }
    }

    // Literals behind each other are one.
    private Expression.Constant ParseText()
    {
        var text = new StringBuilder();
        while (_stream.Current.Kind == TokenKind.Text)
        {
            text.Append(_stream.Next().Text);
        }

        return new Expression.Constant(TemplateText.Own(text.ToString()));
    }

    private Expression ParseName(string name)
    {
        switch (name)
        {
            case "true" or "True":
                return new Expression.Constant(true);
            case "false" or "False":
                return new Expression.Constant(false);
            case "none" or "None":
                return new Expression.Constant(null);
            default:
                state.NoteName(name);
                return new Expression.Name(name);
        }
    }

    private Expression.Sequence ParseList()
    {
        _stream.ExpectOperator("[");
        var items = new List<Expression>();
        while (!_stream.PassOperator("]"))
        {
            items.Add(expressions.Parse());
            if (!_stream.Current.IsOperator("]"))
            {
                _stream.ExpectOperator(",");
            }
        }

        return new Expression.Sequence(items, IsTuple: false);
    }

    private Expression.Mapping ParseMapping()
    {
        _stream.ExpectOperator("{");
        var entries = new List<(Expression, Expression)>();
        while (!_stream.PassOperator("}"))
        {
            var key = expressions.Parse();
            _stream.ExpectOperator(":");
            entries.Add((key, expressions.Parse()));
            if (!_stream.Current.IsOperator("}"))
            {
                _stream.ExpectOperator(",");
            }
        }

        return new Expression.Mapping(entries);
    }

    /// <summary>Parses the subscripts, attributes and calls behind an operand.</summary>
    /// <param name="value">The operand.</param>
    /// <returns>The operand with them.</returns>
    public Expression ParsePostfix(Expression value)
    {
        while (_stream.Current.Kind == TokenKind.Operator)
        {
            switch (_stream.Current.Text)
            {
                case ".":
                    _stream.Next();
                    value = _stream.Current.Kind == TokenKind.Number && _stream.Current.Number is BigInteger
                        ? new Expression.Item(value, new Expression.Constant(_stream.Next().Number))
                        : new Expression.Attribute(value, _stream.Expect(TokenKind.Name).Text);
                    break;
                case "[":
                    value = new Expression.Item(value, ParseSubscript());
                    break;
                case "(":
                    value = new Expression.Call(value, ParseArguments());
                    break;
                default:
                    return value;
            }
        }

        return value;
    }

    private Expression ParseSubscript()
    {
        _stream.ExpectOperator("[");
        var parts = new List<Expression>();
        while (!_stream.PassOperator("]"))
        {
            if (parts.Count > 0)
            {
                _stream.ExpectOperator(",");
            }

            parts.Add(ParseSlice());
        }

        return parts.Count == 1 ? parts[0] : new Expression.Sequence(parts, IsTuple: true);
    }

    private Expression ParseSlice()
    {
        var start = _stream.Current.IsOperator(":") ? null : expressions.Parse();
        if (!_stream.PassOperator(":"))
        {
            return start!;
        }

        var stop = IsSliceEnd() || _stream.Current.IsOperator(":") ? null : expressions.Parse();
        var step = _stream.PassOperator(":") && !IsSliceEnd() ? expressions.Parse() : null;
        return new Expression.Slice(start, stop, step);
    }

    private bool IsSliceEnd() => _stream.Current.IsOperator("]") || _stream.Current.IsOperator(",");

    /// <summary>Parses arguments in round brackets.</summary>
    /// <returns>The arguments.</returns>
    public ArgumentList ParseArguments()
    {
        _stream.ExpectOperator("(");
        var (positional, named) = (new List<Expression>(), new List<(string, Expression)>());
        Expression? spread = null, namedSpread = null;
        while (!_stream.PassOperator(")"))
        {
            if (_stream.PassOperator("*"))
            {
                Require(spread is null && namedSpread is null);
                spread = expressions.Parse();
            }
            else if (_stream.PassOperator("**"))
            {
                Require(namedSpread is null);
                namedSpread = expressions.Parse();
            }
            else if (_stream.Current.Kind == TokenKind.Name && _stream.Following.IsOperator("="))
            {
                Require(namedSpread is null);
                var name = _stream.Next().Text;
                _stream.Next();
                named.Add((name, expressions.Parse()));
            }
            else
            {
                Require(spread is null && namedSpread is null && named.Count == 0);
                positional.Add(expressions.Parse());
            }

            if (!_stream.Current.IsOperator(")"))
            {
                _stream.ExpectOperator(",");
            }
        }

        return new ArgumentList(positional, named, spread, namedSpread);
    }

    private void Require(bool isSound)
    {
        if (!isSound)
        {
            throw _stream.Fault("invalid syntax for function call expression");
        }
    }
}

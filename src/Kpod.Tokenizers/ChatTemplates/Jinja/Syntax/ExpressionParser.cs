namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>
/// Parses expressions by Jinja's rules of precedence, loosest first: <c>if else</c>, <c>or</c>, <c>and</c>, <c>not</c>, comparisons, <c>+ -</c>, <c>~</c>,
/// <c>* / // %</c>, <c>**</c> (from left to right), signs, then filters, tests, calls and subscripts.
/// </summary>
internal sealed class ExpressionParser
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private readonly ParserState _state;
    private readonly TokenStream _stream;
    private readonly OperandParser _operands;

    /// <summary>Parses from where the tokens are.</summary>
    /// <param name="state">Shared with the statements.</param>
    public ExpressionParser(ParserState state)
    {
        _state = state;
        _stream = state.Stream;
        _operands = new OperandParser(state, this);
    }

    /// <summary>Parses one expression.</summary>
    /// <param name="allowsConditional">Whether <c>if</c> behind it belongs to it.</param>
    /// <returns>The expression.</returns>
    public Expression Parse(bool allowsConditional = true) => _state.Deeper(() => allowsConditional ? ParseConditional() : ParseOr());

    /// <summary>Parses one expression, or several with commas between them, which make a tuple.</summary>
    /// <param name="allowsConditional">Whether <c>if</c> behind one belongs to it.</param>
    /// <param name="end">A name that ends the tuple, or null.</param>
    /// <param name="mayBeEmpty">Whether it stands in brackets and may have no item.</param>
    /// <returns>The expression.</returns>
    public Expression ParseTuple(bool allowsConditional = true, string? end = null, bool mayBeEmpty = false)
    {
        var items = new List<Expression>();
        var isTuple = false;
        while (!IsTupleEnd(end))
        {
            items.Add(Parse(allowsConditional));
            if (!_stream.PassOperator(","))
            {
                break;
            }

            isTuple = true;
        }

        return isTuple || (items.Count == 0 && mayBeEmpty) ? new Expression.Sequence(items, IsTuple: true)
            : items.Count == 1 ? items[0]
            : throw _stream.Fault($"Expected an expression, got '{_stream.Current.Describe()}'");
    }

    /// <summary>Parses filters, each behind its pipe.</summary>
    /// <param name="target">What they apply to; null for the body of a block.</param>
    /// <param name="isBegun">Whether the first one stands without a pipe.</param>
    /// <returns>The filters; <paramref name="target"/> where there are none.</returns>
    public Expression? ParseFilters(Expression? target, bool isBegun = false)
    {
        while (isBegun || _stream.PassOperator("|"))
        {
            isBegun = false;
            var name = ParseDottedName();
            _state.NoteUse(ofFilter: true, name);
            target = new Expression.Filter(target, name, _stream.Current.IsOperator("(") ? _operands.ParseArguments() : ArgumentList.None);
        }

        return target;
    }

    private bool IsTupleEnd(string? end) =>
        _stream.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || _stream.Current.IsOperator(")") || (end is not null && _stream.Current.IsName(end));

    private Expression ParseConditional()
    {
        var known = _state.UnknownNames;
        var value = ParseOr();
        while (_stream.PassName("if"))
        {
            var condition = ParseOr();
            value = new Expression.Conditional(condition, value, _stream.PassName("else") ? _state.Deeper(ParseConditional) : null);
            _state.ForgiveUnknownNames(known);
        }

        return value;
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (_stream.PassName("or"))
        {
            left = new Expression.Or(left, ParseAnd());
        }

        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (_stream.PassName("and"))
        {
            left = new Expression.And(left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot() => _stream.PassName("not") ? new Expression.Not(_state.Deeper(ParseNot)) : ParseComparison();

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var others = new List<(string, Expression)>();
        while (true)
        {
            if (_stream.Current.Kind == TokenKind.Operator && Array.IndexOf(Comparisons, _stream.Current.Text) >= 0)
            {
                others.Add((_stream.Next().Text, ParseSum()));
            }
            else if (_stream.PassName("in"))
            {
                others.Add(("in", ParseSum()));
            }
            else if (_stream.Current.IsName("not") && _stream.Following.IsName("in"))
            {
                _stream.Next();
                _stream.Next();
                others.Add(("not in", ParseSum()));
            }
            else
            {
                return others.Count == 0 ? first : new Expression.Comparison(first, others);
            }
        }
    }

    private Expression ParseSum()
    {
        var left = ParseJoined();
        while (_stream.Current.IsOperator("+") || _stream.Current.IsOperator("-"))
        {
            left = new Expression.Arithmetic(_stream.Next().Text, left, ParseJoined());
        }

        return left;
    }

    private Expression ParseJoined()
    {
        var parts = new List<Expression> { ParseProduct() };
        while (_stream.PassOperator("~"))
        {
            parts.Add(ParseProduct());
        }

        return parts.Count == 1 ? parts[0] : new Expression.Joined(parts);
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (_stream.Current.Kind == TokenKind.Operator && _stream.Current.Text is "*" or "/" or "//" or "%")
        {
            left = new Expression.Arithmetic(_stream.Next().Text, left, ParsePower());
        }

        return left;
    }

    private Expression ParsePower()
    {
        var left = ParseSigned(takesFilters: true);
        while (_stream.PassOperator("**"))
        {
            left = new Expression.Arithmetic("**", left, ParseSigned(takesFilters: true));
        }

        return left;
    }

    private Expression ParseSigned(bool takesFilters)
    {
        Expression value;
        if (_stream.Current.IsOperator("-") || _stream.Current.IsOperator("+"))
        {
            var isMinus = _stream.Next().Text == "-";
            value = new Expression.Signed(isMinus, _state.Deeper(() => ParseSigned(takesFilters: false)));
        }
        else
        {
            value = _operands.ParsePrimary();
        }

        value = _operands.ParsePostfix(value);
        return takesFilters ? ParseFiltersAndTests(value) : value;
    }

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            if (_stream.Current.IsOperator("|"))
            {
                value = ParseFilters(value)!;
            }
            else if (_stream.PassName("is"))
            {
                value = ParseTest(value);
            }
            else if (_stream.Current.IsOperator("("))
            {
                value = new Expression.Call(value, _operands.ParseArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseTest(Expression value)
    {
        var isNegated = _stream.PassName("not");
        var name = ParseDottedName();
        _state.NoteUse(ofFilter: false, name);
        var arguments = _stream.Current.IsOperator("(") ? _operands.ParseArguments()
            : TakesArgument() ? new ArgumentList([_operands.ParsePostfix(_state.Deeper(_operands.ParsePrimary))], [], null, null)
            : ArgumentList.None;
        var test = new Expression.Test(value, name, arguments);
        return isNegated ? new Expression.Not(test) : test;
    }

    private bool TakesArgument()
    {
        var token = _stream.Current;
        if (token.IsName("is"))
        {
            throw _stream.Fault("You cannot chain multiple tests with is");
        }

        return token.Kind is TokenKind.Text or TokenKind.Number || token.IsOperator("[") || token.IsOperator("{")
            || (token.Kind == TokenKind.Name && token.Text is not ("else" or "or" or "and"));
    }

    private string ParseDottedName()
    {
        var name = _stream.Expect(TokenKind.Name).Text;
        while (_stream.PassOperator("."))
        {
            name += "." + _stream.Expect(TokenKind.Name).Text;
        }

        return name;
    }
}
